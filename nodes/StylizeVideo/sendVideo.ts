import type { Connection } from '../hidream/http';
import { submitTask, type SubmitFields, type SubmitRequest } from '../hidream/submitTask';
import { classifyTransportError } from '../hidream/verdict';
import type { Submission } from '../submission/submission';
import { jsonBody } from '../video/jsonBody';
import type { Video } from '../video/source';

/** What the request of an item is made of, beside its `request_id`. */
export interface VideoRequest extends Omit<SubmitRequest, 'body'> {
	/** Opens the video for one attempt. May throw: then there is no link to the file. */
	openVideo: () => Video;
	fields: Omit<SubmitFields, 'request_id'>;
}

/** How an item is sent: a new body for each attempt. */
export const sendVideo = (connection: Connection, request: VideoRequest): Pick<Submission, 'send' | 'renewToken'> => ({
	send: async (requestId, signal) => {
		let video: Video;
		try {
			video = request.openVideo();
		} catch (error) {
			return classifyTransportError({ code: 'unreadable', detail: `The link to the binary file cannot be made: ${(error as Error).message}` });
		}
		const body = jsonBody({ ...request.fields, request_id: requestId }, video);
		return await submitTask(connection, { ...request, body }, signal);
	},
	renewToken: connection.renewToken,
});
