import { expiredProblem, isExpired } from '../video/signedUrl';
import type { ItemVideo } from '../video/source';
import type { UrlError } from '../video/urlText';
import { readVideoUrl } from '../video/videoUrl';
import { readWebUrl } from '../video/webUrl';
import type { ErrorInfo } from '../shared/messages';
import { InvalidInput } from '../shared/input';
import type { ItemParameters } from '../shared/nodeParameters';
import type { Parameter } from '../shared/parameter';
import { VIDEO_URL } from './parameters';

const invalid = ({ property }: Parameter<unknown>, { reason, hint }: UrlError): InvalidInput =>
	new InvalidInput(`"${property.displayName}" ${reason}`, hint);

/**
 * The URL in `value` of a parameter, as it is to be sent.
 * @throws InvalidInput when HiDream could not use it
 */
export function readPublicUrl(value: unknown, parameter: Parameter<unknown>, sameMachine: boolean): string {
	const read = readWebUrl(value, sameMachine);
	if (!read.ok) throw invalid(parameter, read);
	return read.text;
}

/**
 * The video behind "Video URL". It may have expired: `recheck` tells, now and later.
 * @throws InvalidInput when HiDream could never use the URL
 */
export function fromUrl(parameters: ItemParameters, sameMachine: boolean): ItemVideo {
	const read = readVideoUrl(parameters.get(VIDEO_URL), sameMachine);
	if (!read.ok) throw invalid(VIDEO_URL, read);
	const { text, expiresAt } = read;
	const recheck = (): ErrorInfo | undefined => {
		// The wall clock, since the signature names a time of day.
		if (expiresAt === undefined || !isExpired(expiresAt, Date.now())) return undefined;
		const { message, hint } = invalid(VIDEO_URL, expiredProblem(expiresAt));
		return { message, hint };
	};
	return { openVideo: () => ({ kind: 'text', text }), identity: `url:${text}`, fromDatabase: 0, expiresAt, recheck };
}
