/** A parameter of a header: its name, and its value in quotes or up to the next semicolon. */
const PARAMETER = /([\w!#$&+.^`|~*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g;

/** `=?UTF-8?B?…?=` of RFC 2047; the white space between two of them is no part of the text. */
const ENCODED_WORD = /=\?([\w-]+)(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=(?:\s+(?==\?))?/gi;

/** The text of bytes, or undefined if they are not of that character set, or if there is none of that name. */
function textOf(bytes: Buffer, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/** The bytes of a text in which some stand as `%41` (or `=41`); every other character is one byte, as Node.js reads headers. */
const bytesOf = (text: string, mark: '%' | '='): Buffer =>
	Buffer.from(
		text.replace(new RegExp(`${mark}([0-9a-f]{2})`, 'gi'), (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
		'latin1',
	);

const unquoted = (value: string): string => value.trim().replace(/^"|"$/g, '').replace(/\\(.)/g, '$1').trim();

function decodedWord(word: string, charset: string, encoding: string, content: string): string {
	const bytes = /b/i.test(encoding) ? Buffer.from(content, 'base64') : bytesOf(content.replace(/_/g, ' '), '=');
	return textOf(bytes, charset) ?? word;
}

/** `filename=`: servers write raw UTF-8, percent-encoded UTF-8 or RFC 2047 into it, and browsers read all of them. */
function plainName(value: string): string {
	const text = unquoted(value);
	const isBytes = /^[\0-\xff]*$/.test(text);
	const raw = (isBytes ? textOf(Buffer.from(text, 'latin1'), 'utf-8') : undefined) ?? text;
	const words = raw.replace(ENCODED_WORD, decodedWord);
	if (words !== raw || !/%[0-9a-f]{2}/i.test(raw)) return words;
	return textOf(bytesOf(Buffer.from(raw).toString('latin1'), '%'), 'utf-8') ?? raw;
}

/** `filename*=UTF-8''…` of RFC 5987, in quotes too; undefined if it is not written so, or not in its own character set. */
function extendedName(value: string): string | undefined {
	const [, charset = '', content = ''] = /^([\w-]*)'[^']*'(.*)$/s.exec(unquoted(value)) ?? [];
	return content === '' ? undefined : textOf(bytesOf(content, '%'), charset || 'utf-8');
}

/**
 * The file name of a Content-Disposition header, as RFC 6266 and browsers read it: the first one of each form, and the
 * extended form wins. Empty if there is none.
 */
export function dispositionName(header: string): string {
	const values = new Map<string, string>();
	for (const [, name = '', value = ''] of header.matchAll(PARAMETER)) {
		if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), value);
	}
	const [extended, plain] = [values.get('filename*'), values.get('filename')];
	return (extended === undefined ? undefined : extendedName(extended)) ?? plainName(plain ?? extended ?? '');
}
