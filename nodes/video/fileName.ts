import type { IDataObject } from 'n8n-workflow';
import { dispositionName } from './disposition';

/** Types by file name extension, for hosts that only say "some bytes". */
const TYPES: Readonly<Record<string, string>> = {
	avi: 'video/x-msvideo',
	m4v: 'video/x-m4v',
	mkv: 'video/x-matroska',
	mov: 'video/quicktime',
	mp4: 'video/mp4',
	mpeg: 'video/mpeg',
	mpg: 'video/mpeg',
	webm: 'video/webm',
};

const FALLBACK_NAME = 'video';
const FALLBACK_EXTENSION = 'mp4';

/** File systems take names of 255 bytes; a character takes up to four. */
const LONGEST_NAME = 60;

/** A header that came more than once is a list. */
function textOf(value: unknown): string {
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' ? first : '';
}

/** A media type without its parameters: `video/mp4; codecs=…` → `video/mp4`. */
export const contentTypeOf = (headers: IDataObject): string =>
	(textOf(headers['content-type']).split(';')[0] ?? '').trim().toLowerCase();

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Leaves nothing that leads out of a folder or that a file system refuses. */
function safe(name: string): string {
	const last = name.split(/[/\\]/).at(-1) ?? '';
	// Control characters and unpaired halves of a character included.
	const clean = [...last.replace(/[\p{C}<>:"|?*]/gu, '_').replace(/^[\s.]+|[\s.]+$/g, '')];
	if (clean.length <= LONGEST_NAME) return clean.join('');
	const extension = /\.[a-z0-9]{1,5}$/i.exec(last)?.[0] ?? '';
	return clean.slice(0, LONGEST_NAME - extension.length).join('').replace(/[\s.]+$/, '') + extension;
}

const extensionOf = (name: string): string => (/\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? '').toLowerCase();

/**
 * What a downloaded video is called, and its media type: from the answer's headers, else from its URL.
 * @param url where it came from in the end, after all redirects
 */
export function describeFile(url: URL, headers: IDataObject): { fileName: string; mimeType: string } {
	const given =
		safe(dispositionName(textOf(headers['content-disposition']))) || safe(decoded(url.pathname)) || FALLBACK_NAME;
	const said = contentTypeOf(headers);
	const mimeType = /^video\/[a-z0-9.+-]{1,80}$/.test(said) ? said : (TYPES[extensionOf(given)] ?? 'video/mp4');
	if (extensionOf(given) !== '') return { fileName: given, mimeType };
	const extension = Object.keys(TYPES).find((name) => TYPES[name] === mimeType) ?? FALLBACK_EXTENSION;
	return { fileName: `${given}.${extension}`, mimeType };
}
