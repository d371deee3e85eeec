/** How many bytes from the start of a file are inspected. */
export const HEAD_BYTES = 512;

/** Fewer printable bytes can be chance. */
const MIN_TEXT_BYTES = 8;

/** Text of no particular kind. */
export const TEXT_FILE = 'a text file';

const HTML_NAMES = /^(?:html|head|body|script|title|meta|link|style|div|span|p|a|b|br|pre|h[1-6]|center|form|table|iframe)$/i;

/** The start of markup in an unknown encoding. */
const MARKUP = /^<(?:!doctype|!--|\?xml|html|head|body|script|title|meta|svg|rss|feed|error|br ?\/?>)/i;

const JSON_START = /^(?:\{\s*["}]|\[\s*(?:["{[\]\d-]|true|false|null))/;

/** Control characters, which text does not contain. */
const CONTROL = /[^\P{Cc}\s]/u;

const isAt = (head: Buffer, ...bytes: number[]): boolean => bytes.every((byte, at) => head[at] === byte);

/** Whether every second one of the first 16 bytes is zero and the others are printable: ASCII in UTF-16 without a byte order mark. */
const hasZeros = (head: Buffer, from: number): boolean =>
	head.length >= 16 && head.subarray(0, 16).every((byte, at) => (at % 2 === from ? byte === 0 : byte > 8 && byte < 127));

function fromUtf16(head: Buffer): string | undefined {
	const isLittle = isAt(head, 0xff, 0xfe) || isAt(head, 0x3c, 0) || hasZeros(head, 1);
	if (!isLittle && !isAt(head, 0xfe, 0xff) && !isAt(head, 0, 0x3c) && !hasZeros(head, 0)) return undefined;
	const units = Buffer.from(head.subarray(0, head.length - (head.length % 2)));
	const text = (isLittle ? units : units.swap16()).toString('utf16le');
	// Any two bytes are a UTF-16 character, so only text with much ASCII can be distinguished from random bytes.
	return (text.match(/[\t\n\r -~]/g) ?? []).length * 2 >= Math.max(text.length, 4) ? text : undefined;
}

/** Fewer bytes without a control character can be chance: one in two million random files has none in its first 128 bytes. */
const MIN_ENCODED_BYTES = 128;

/** Text in an older encoding, such as Latin-1 or GBK: it has no control characters either. */
function fromOneByteText(head: Buffer): string | undefined {
	const isText = head.length >= MIN_ENCODED_BYTES && head.every((byte) => (byte >= 32 && byte !== 127) || (byte > 8 && byte < 14));
	return isText ? head.toString('latin1') : undefined;
}

/** Decodes the first bytes of a file; undefined if they are not text. */
export function textOf(head: Buffer): string | undefined {
	const utf16 = fromUtf16(head);
	if (utf16 !== undefined) return utf16;
	const text = head.toString('utf8');
	// The last character may be cut.
	const whole = head.length < HEAD_BYTES ? text : text.replace(/\uFFFD{1,3}$/, '');
	if (CONTROL.test(whole)) return undefined;
	return whole.includes('\uFFFD') ? fromOneByteText(head) : whole;
}

function kindOf(text: string): string {
	const start = text.trimStart();
	const name = start.startsWith('<') ? /<(?:!doctype\s+)?([a-z][\w:-]*)/i.exec(start)?.[1] : undefined;
	if (name === undefined) {
		if (start.startsWith('<!--')) return 'a web page';
		if (start.startsWith('#EXTM3U')) return 'a playlist';
		return JSON_START.test(start) ? 'JSON data' : TEXT_FILE;
	}
	if (HTML_NAMES.test(name)) return 'a web page';
	return name.toLowerCase() === 'svg' ? 'an SVG image' : 'an XML document';
}

/** The kind of a text file, with its article; undefined if its first bytes may be something else. */
export function textKind(head: Buffer): string | undefined {
	const text = textOf(head);
	if (text !== undefined && (head.length >= MIN_TEXT_BYTES || text.startsWith('\uFEFF'))) return kindOf(text);
	const bytes = (text ?? head.toString('latin1')).replace(/^(?:\xef\xbb\xbf)?\s*/, '');
	return MARKUP.test(bytes) ? kindOf(bytes) : undefined;
}
