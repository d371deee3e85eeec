import type { IDataObject } from 'n8n-workflow';

/** Media types by file extension, for hosts that only send a general one. */
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

/** In characters. File systems allow 255 bytes, and a character takes up to four. */
const MAX_NAME_LENGTH = 60;

/** A parameter of a header: its name, and its value in quotes or up to the next semicolon. */
const PARAMETER = /([\w!#$&+.^`|~*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g;

/** `=?UTF-8?B?…?=` of RFC 2047. White space between two encoded words is not part of the text. */
const ENCODED_WORD = /=\?([\w-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=(?:\s+(?==\?))?/gi;

/** The first value of a header that can occur several times. */
function headerText(value: unknown): string {
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' ? first : '';
}

/** A media type without its parameters: `video/mp4; codecs=…` → `video/mp4`. */
export const contentTypeOf = (headers: IDataObject): string =>
	(headerText(headers['content-type']).split(';')[0] ?? '').trim().toLowerCase();

/** Decodes bytes; undefined if the character set is unknown or the bytes are invalid in it. */
function decode(bytes: Buffer, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/** The bytes of a text with escapes such as `%41` or `=41`. Any other character is one byte, as Node.js reads headers. */
const bytesOf = (text: string, mark: '%' | '='): Buffer =>
	Buffer.from(
		text.replace(new RegExp(`${mark}([0-9a-f]{2})`, 'gi'), (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
		'latin1',
	);

const unquoted = (value: string): string => value.trim().replace(/^"|"$/g, '').replace(/\\(.)/g, '$1').trim();

function decodedWord(word: string, charset: string, encoding: string, content: string): string {
	const bytes = /b/i.test(encoding) ? Buffer.from(content, 'base64') : bytesOf(content.replace(/_/g, ' '), '=');
	return decode(bytes, charset) ?? word;
}

/** Percent-encoded UTF-8; the text itself if it is anything else. */
const percentDecoded = (text: string): string => decode(bytesOf(Buffer.from(text).toString('latin1'), '%'), 'utf-8') ?? text;

/** `filename=`. Servers write raw UTF-8, percent-encoded UTF-8 or RFC 2047 into it, and browsers read all three. */
function plainName(value: string): string {
	const text = unquoted(value);
	const isBytes = /^[\0-\xff]*$/.test(text);
	const raw = (isBytes ? decode(Buffer.from(text, 'latin1'), 'utf-8') : undefined) ?? text;
	const words = raw.replace(ENCODED_WORD, decodedWord);
	return words === raw ? percentDecoded(raw) : words;
}

/** `filename*=UTF-8''…` of RFC 5987, also in quotes; undefined if its form or its character set is wrong. */
function extendedName(value: string): string | undefined {
	const [, charset = '', content = ''] = /^([\w-]*)'[^']*'(.*)$/s.exec(unquoted(value)) ?? [];
	return content === '' ? undefined : decode(bytesOf(content, '%'), charset || 'utf-8');
}

/**
 * The file name of a Content-Disposition header, as RFC 6266 and browsers read it: the first of each form counts, and the
 * extended form has precedence. Empty if there is none.
 */
export function dispositionName(header: string): string {
	const values = new Map<string, string>();
	for (const [, name = '', value = ''] of header.matchAll(PARAMETER)) {
		if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), value);
	}
	const [extended, plain] = [values.get('filename*'), values.get('filename')];
	return (extended === undefined ? undefined : extendedName(extended)) ?? plainName(plain ?? extended ?? '');
}

/** Removes folders, and characters that a file system rejects. */
function safe(name: string): string {
	const last = name.split(/[/\\]/).at(-1) ?? '';
	// `\p{C}` has control characters and unpaired surrogates.
	const clean = [...last.replace(/[\p{C}<>:"|?*]/gu, '_').replace(/^[\s.]+|[\s.]+$/g, '')];
	if (clean.length <= MAX_NAME_LENGTH) return clean.join('');
	const extension = /\.[a-z0-9]{1,5}$/i.exec(last)?.[0] ?? '';
	return clean.slice(0, MAX_NAME_LENGTH - extension.length).join('').replace(/[\s.]+$/, '') + extension;
}

const extensionOf = (name: string): string => (/\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? '').toLowerCase();

/**
 * The name and media type of a downloaded video, from the response's headers or else from its URL.
 * @param url the final URL, after all redirects
 */
export function describeFile(url: URL, headers: IDataObject): { fileName: string; mimeType: string } {
	const name =
		safe(dispositionName(headerText(headers['content-disposition']))) || safe(percentDecoded(url.pathname)) || 'video';
	const type = contentTypeOf(headers);
	const mimeType = /^video\/[a-z0-9.+-]{1,80}$/.test(type) ? type : (TYPES[extensionOf(name)] ?? 'video/mp4');
	if (extensionOf(name) !== '') return { fileName: name, mimeType };
	const extension = Object.keys(TYPES).find((known) => TYPES[known] === mimeType) ?? 'mp4';
	return { fileName: `${name}.${extension}`, mimeType };
}
