import { isObject } from './vendorJson';

/**
 * Where an entry of a result may name its video: LIKELY `video`, a full URL. The vendor's own client also accepts `url`,
 * `media`, `output` and `image`. The first field that says anything counts: `image` may be a preview.
 */
const FIELDS = ['video', 'video_url', 'videos', 'video_urls', 'url', 'media', 'output', 'image'] as const;

/** Whether a value says anything at all: non-empty text, or an object or a list with some in it. */
function saysAnything(value: unknown): boolean {
	if (typeof value === 'string') return value.trim() !== '';
	if (typeof value === 'object' && value !== null) return Object.values(value).some(saysAnything);
	return typeof value === 'number';
}

/** The URLs in a value: text, an object with one of the fields, or a list. UNKNOWN: the host of a bare file name. */
function urlsIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(urlsIn);
	if (isObject(value)) return urlsIn(mediaOf(value));
	const text = typeof value === 'string' ? value.trim() : '';
	if (/^https?:\/\/[^/\s]/i.test(text)) return [text];
	return /^\/\/[^/\s]+\.[^/\s]+\//.test(text) ? [`https:${text}`] : [];
}

const mediaOf = (entry: Record<string, unknown>): unknown => FIELDS.map((field) => entry[field]).find(saysAnything);

/** The video of a result's entry: whether it has one however it is named, and its URLs where they can be told. */
export function resultVideoOf(entry: Record<string, unknown>): { exists: boolean; urls: string[] } {
	const media = mediaOf(entry);
	return { exists: media !== undefined, urls: urlsIn(media) };
}
