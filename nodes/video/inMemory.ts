import { isObject } from '../hidream/vendorJson';
import { isKnownVideo, UnusableFile } from './fileKind';
import { HEAD_BYTES } from './textKind';

/** Names of n8n's binary stores, alone or before an ID: n8n puts the name into `data` when it stores the file. */
const STORE = /^(?:filesystem(?:-v\d+)?|database|s3|azure|default)(?::|$)/i;

/** What JavaScript makes of a value that is not there. All of it is base64 by its letters. */
const NOTHING = /^(?:null|undefined|nan|none|true|false)$/i;

/** The header of a data URL; a longer one has no use. */
const DATA_URL = /^data:([^,]{0,1000}),/i;

/** The most bytes whose base64 fits into a string of Node.js. */
const MAX_IN_MEMORY = Math.floor(0x1fffffe8 / 4) * 3;

const KEEP = 'Keep the whole binary object, e.g. {{ $binary.data }}, or make a new one with this.helpers.prepareBinaryData() in a Code node.';

const unusable = (reason: string): UnusableFile => new UnusableFile(reason, KEEP);

/** The bytes that a Code node left in place of base64: any view of memory, or a Buffer that went through JSON. */
export function bytesIn(value: unknown): Buffer | undefined {
	if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	if (Object.prototype.toString.call(value) === '[object ArrayBuffer]') return Buffer.from(value as ArrayBuffer);
	if (!isObject(value) || value.type !== 'Buffer' || !Array.isArray(value.data)) return undefined;
	const bytes: unknown[] = value.data;
	const isByte = (byte: unknown) => Number.isInteger(byte) && (byte as number) >= 0 && (byte as number) <= 255;
	return bytes.every(isByte) ? Buffer.from(bytes as number[]) : undefined;
}

function encoded(bytes: Buffer): string {
	if (bytes.length <= MAX_IN_MEMORY) return bytes.toString('base64');
	throw new UnusableFile('is too large to be sent from memory', 'Let n8n keep binary files in a folder (N8N_DEFAULT_BINARY_DATA_MODE=filesystem).');
}

/** Text that another node wrote as base64, as plain, padded base64. */
function plainBase64(text: string): string {
	// n8n writes plain, padded base64; another node may have written it without padding, URL-safe or in lines.
	if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return text;
	if (/[^\w+/\s=-]/.test(text) || /=\s*[^=\s]/.test(text)) throw unusable('is not base64: it has characters that base64 does not have');
	if (text.replace(/[\s=]+/g, '').length % 4 === 1) throw unusable('is not base64: it is incomplete');
	return encoded(Buffer.from(text, 'base64'));
}

const unescaped = (text: string): string =>
	text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function ofDataUrl(text: string): { base64: string; mimeType: string } {
	const [whole, header = ''] = DATA_URL.exec(text) ?? [];
	if (whole === undefined) throw unusable('is a data URL without content');
	const body = text.slice(whole.length);
	const mimeType = header.split(';')[0] ?? '';
	if (/;\s*base64\s*$/i.test(header)) return { base64: plainBase64(body.includes('%') ? unescaped(body) : body), mimeType };
	const bytes = Buffer.from(unescaped(Buffer.from(body).toString('latin1')), 'latin1');
	return { base64: encoded(bytes), mimeType };
}

/** Whether the text is a video in hexadecimal: its digits are letters of base64 too. */
const isHexVideo = (text: string): boolean =>
	/^[0-9a-f]{16,}$/i.test(text.slice(0, 2 * HEAD_BYTES)) && isKnownVideo(Buffer.from(text.slice(0, 2 * HEAD_BYTES), 'hex'));

/**
 * The content of a file that n8n holds in the item itself, as plain base64.
 * @param data the binary object's `data`, of any type
 * @returns also the MIME type that came with the content, if one did
 * @throws UnusableFile when it is not surely the content of a file
 */
export function base64Of(data: unknown): { base64: string; mimeType?: string } {
	const bytes = bytesIn(data);
	if (bytes !== undefined) return { base64: encoded(bytes) };
	if (data === undefined || data === null) throw unusable('has neither "id" nor "data", so it has no content');
	if (typeof data !== 'string') throw unusable(`must have base64 text in "data", but it is ${Array.isArray(data) ? 'a list' : `of the type ${typeof data}`}`);
	const start = data.slice(0, 100).trim();
	if (STORE.test(start)) {
		throw unusable('is only a reference to a file in n8n\'s binary store ("data" without its "id"), not the file');
	}
	if (NOTHING.test(start)) throw unusable(`has the text "${start}" in "data", not base64`);
	if (/^data:/i.test(start)) return ofDataUrl(data.trimStart());
	if (isHexVideo(data)) throw unusable('has hexadecimal text in "data", not base64');
	return { base64: plainBase64(data) };
}
