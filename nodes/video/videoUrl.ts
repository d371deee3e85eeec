import { otherFile } from './fileEnding';
import { findSharePage } from './sharePage';
import { expiryOf } from './signedUrl';
import type { UrlProblem } from './urlText';
import { readWebUrl } from './webUrl';

export type VideoUrl = { ok: true; text: string; expiresAt?: number } | ({ ok: false } & UrlProblem);

/** HiDream fetches the video after the request (UNKNOWN how long after): a signature must outlive at least the request itself. */
const MARGIN_MS = 5_000;

/**
 * The one URL in `value` from which HiDream can fetch a video, as far as the URL itself tells. Whether it has expired is not
 * looked at, since that changes: see `expiredProblem`.
 */
export function readVideoUrl(value: unknown, sameMachine: boolean): VideoUrl {
	const read = readWebUrl(value, sameMachine);
	if (!read.ok) return read;
	const { url, text } = read;
	const page = findSharePage(url);
	if (page) {
		const advice = page.direct
			? `Use the direct link: ${page.direct}. The file must be public.`
			: 'Use the direct link to the file, or download the video and set "Input Type" to Binary File.';
		return { ok: false, reason: `is a page of ${page.host}, not the video itself`, advice };
	}
	const other = otherFile(url);
	if (other !== undefined) return { ok: false, reason: `is the URL of ${other}, not of a video`, advice: 'Enter the URL of the video file.' };
	return { ok: true, text, expiresAt: expiryOf(url) };
}

/** Whether a signed URL that expires then is of no use for a request at `now`. */
export const isExpired = (expiresAt: number | undefined, now: number): boolean => expiresAt !== undefined && expiresAt < now + MARGIN_MS;

/** What to say of a signed URL that expires at `expiresAt`. */
export const expiredProblem = (expiresAt: number): UrlProblem => ({
	reason: `is a signed URL that expired at ${new Date(expiresAt).toISOString()}`,
	advice: 'Create the URL with a longer expiry, shortly before this node, or download the video and set "Input Type" to Binary File.',
});
