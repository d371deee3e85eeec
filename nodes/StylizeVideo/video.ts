import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../shared/input';
import { URL_MESSAGES } from '../shared/messages/aboutVideos';
import type { Message } from '../shared/messages/message';
import type { ItemParameters } from '../shared/nodeParameters';
import type { Parameter } from '../shared/parameter';
import type { ItemVideo } from '../video/source';
import { isExpired } from '../video/signedUrl';
import { readVideoUrl } from '../video/videoUrl';
import { readWebUrl } from '../video/webUrl';
import { findBinaryFile } from './binaryInput';
import { fromLink } from './linkVideo';
import { INPUT_TYPE, VIDEO_URL } from './parameters';

const invalid = ({ property }: Parameter<unknown>, [reason, hint]: Message): InvalidInput => new InvalidInput(`"${property.displayName}" ${reason}`, hint);

/**
 * The URL in the value of a parameter, as it is sent.
 * @throws InvalidInput when HiDream could not use it
 */
export function readPublicUrl(value: unknown, parameter: Parameter<unknown>, sameMachine: boolean): string {
	const read = readWebUrl(value, sameMachine);
	if (!read.ok) throw invalid(parameter, read.error);
	return read.text;
}

/**
 * The video behind "Video URL". It may have expired: `recheck` tells, now and later.
 * @throws InvalidInput when HiDream could never use the URL
 */
function fromUrl(parameters: ItemParameters, sameMachine: boolean): ItemVideo {
	const read = readVideoUrl(parameters.get(VIDEO_URL), sameMachine);
	if (!read.ok) throw invalid(VIDEO_URL, read.error);
	const { text, expiresAt } = read;
	const recheck = (): InvalidInput | undefined => {
		// The wall clock, since the signature names a time of day.
		if (expiresAt === undefined || !isExpired(expiresAt, Date.now())) return undefined;
		return invalid(VIDEO_URL, URL_MESSAGES.expired(new Date(expiresAt).toISOString()));
	};
	return { openVideo: () => ({ kind: 'text', text }), identity: `url:${text}`, fromDatabase: 0, expiresAt, recheck };
}

/**
 * Finds the video of an item, whatever the "Input Type". Of a file only the first bytes are read.
 * @param sameMachine HiDream's base URL is this machine: its loopback hosts can be reached
 * @throws InvalidInput when there is none that could be sent
 */
export async function findVideo(context: IExecuteFunctions, parameters: ItemParameters, itemIndex: number, sameMachine: boolean): Promise<ItemVideo> {
	const inputType = parameters.get(INPUT_TYPE);
	if (inputType === 'url') return fromUrl(parameters, sameMachine);
	const { binary, video, fromDatabase, identity: file } = await findBinaryFile(context, parameters, itemIndex);
	const identity = `binary:${file}`;
	if (inputType === 'binaryLink') return fromLink(context, parameters, { binary, identity, sameMachine });
	return { openVideo: () => video, identity, fromDatabase, isUpload: true };
}
