import { findSharePage } from './sharePage';
import { expiryOf } from './signedUrl';
import type { UrlError } from './urlText';
import { readWebUrl } from './webUrl';

export type VideoUrl = { ok: true; text: string; expiresAt?: number } | ({ ok: false } & UrlError);

/** Endings of files that are surely no video; `gif` is an image, and a playlist holds no video itself. */
const OTHER_FILES: ReadonlyArray<readonly [ending: RegExp, kind: string]> = [
	[/\.(html?|xhtml)$/i, 'a web page'],
	[/\.(jpe?g|png|gif|webp|bmp|tiff?|svg|ico|heic|avif)$/i, 'an image'],
	[/\.(mp3|wav|m4a|aac|flac)$/i, 'a sound file'],
	[/\.(m3u8?|mpd)$/i, 'a playlist'],
	[/\.(zip|rar|7z|tar|t?gz|bz2|xz)$/i, 'an archive'],
	[/\.(pdf|docx?|xlsx?|pptx?|txt|md|csv|json|xml|srt|vtt)$/i, 'a document'],
];

/** Signs that the server makes or names another file than the path says, for example an image service that gives a video. */
const CONVERTED = /(?<![a-z0-9])(mp4|webm|mov)\b|video(\/|%2f)|(format|type|disposition)=/i;

/** What the path of `url` says that its file is, if that is surely no video. */
function otherFile({ pathname, search }: URL): string | undefined {
	if (CONVERTED.test(search) || /[/,:][a-z]+[_-](mp4|webm|mov|video|auto:video)\b/i.test(pathname)) return undefined;
	return OTHER_FILES.find(([ending]) => ending.test(pathname))?.[1];
}

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
		const hint = page.direct
			? `Use the direct link: ${page.direct}. The file must be public.`
			: 'Use the direct link to the file, or download the video and set "Input Type" to Binary File.';
		return { ok: false, reason: `is a page of ${page.host}, not the video itself`, hint };
	}
	const other = otherFile(url);
	if (other !== undefined) return { ok: false, reason: `is the URL of ${other}, not of a video`, hint: 'Enter the URL of the video file.' };
	return { ok: true, text, expiresAt: expiryOf(url) };
}

/** Whether a signed URL that expires then is of no use for a request at `now`. */
export const isExpired = (expiresAt: number | undefined, now: number): boolean => expiresAt !== undefined && expiresAt < now + MARGIN_MS;

/** What to say of a signed URL that expires at `expiresAt`. */
export const expiredProblem = (expiresAt: number): UrlError => ({
	reason: `is a signed URL that expired at ${new Date(expiresAt).toISOString()}`,
	hint: 'Create the URL with a longer expiry, shortly before this node, or download the video and set "Input Type" to Binary File.',
});
