import type { Connection } from '../hidream/http';
import type { StyleOptions } from '../hidream/styles';
import { submitTask, type SubmitFields, type SubmitRequest } from '../hidream/submitTask';
import { classifyTransportError } from '../hidream/verdict';
import { InvalidInput, isUnset } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import { noLinkText } from '../shared/messages/aboutVideos';
import type { ItemParameters } from '../shared/nodeParameters';
import type { Submission } from '../submission/submission';
import { jsonBody } from '../video/jsonBody';
import type { Video } from '../video/source';
import { API_USER_ID, NOTIFY_URL } from './options';
import { PROMPT_ONLY } from './styleParameters';
import { readPublicUrl } from './video';

/** The parts of an item's request, except the `request_id`. */
export interface VideoRequest extends Omit<SubmitRequest, 'body'> {
	/** Opens the video for one attempt. May throw: then there is no link to the file. */
	openVideo: () => Video;
	fields: Omit<SubmitFields, 'request_id'>;
}

/** @throws InvalidInput when HiDream could not call the URL */
export function readNotifyUrl(parameters: ItemParameters, sameMachine: boolean): string {
	const given = parameters.option(NOTIFY_URL);
	return isUnset(given) ? '' : readPublicUrl(given, NOTIFY_URL, sameMachine);
}

/** What the request has beside the video. @throws InvalidInput naming the option that is wrong */
export function readRequest(parameters: ItemParameters, { style, prompt }: StyleOptions, notifyUrl: string): Pick<VideoRequest, 'fields' | 'apiUserId'> {
	const apiUserId = parameters.option(API_USER_ID);
	if (!/^[\x20-\x7e]*$/.test(apiUserId)) throw new InvalidInput(...INPUT.badApiUserId);
	const fields = { style: style === PROMPT_ONLY ? undefined : style, prompt, notify_url: notifyUrl };
	return { fields, apiUserId };
}

/** How an item is sent: a new body for each attempt. */
export const videoSender = (connection: Connection, request: VideoRequest): Pick<Submission, 'send' | 'renewToken'> => ({
	send: async (requestId, signal) => {
		let video: Video;
		try {
			video = request.openVideo();
		} catch (error) {
			return classifyTransportError({ code: 'unreadable', detail: noLinkText((error as Error).message) });
		}
		const body = jsonBody({ ...request.fields, request_id: requestId }, video);
		return await submitTask(connection, { ...request, body }, signal);
	},
	renewToken: connection.renewToken,
});
