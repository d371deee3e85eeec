import { isObject } from '../hidream/vendorJson';
import { FILE_MESSAGES } from '../shared/messages/aboutVideos';
import { isKnownVideo, UnusableFile } from './fileKind';
import { HEAD_BYTES } from './textKind';

/** Names of n8n's binary stores, alone or before an ID. n8n writes the name into `data` when it stores a file. */
const STORE = /^(?:filesystem(?:-v\d+)?|database|s3|azure|default)(?::|$)/i;

/** Text for a missing value, which consists of base64 letters. */
const NO_VALUE_TEXT = /^(?:null|undefined|nan|none|true|false)$/i;

/** In characters: the longest header of a data URL. */
const MAX_HEADER_LENGTH = 1_000;

/** The end of the header of a base64 data URL. Browsers write commas before it: `codecs=vp8,opus`. */
const BASE64_MARK = /;\s*base64\s*(?:;[^,]*)?,/i;

/** The largest file whose base64 fits into a string of Node.js. */
const MAX_IN_MEMORY_BYTES = Math.floor(0x1fffffe8 / 4) * 3;

/** The bytes that a Code node returned instead of base64: an ArrayBuffer, a view of one, or a Buffer that went through JSON. */
export function bytesIn(value: unknown): Buffer | undefined {
	if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	if (Object.prototype.toString.call(value) === '[object ArrayBuffer]') return Buffer.from(value as ArrayBuffer);
	if (!isObject(value) || value.type !== 'Buffer' || !Array.isArray(value.data)) return undefined;
	const bytes: unknown[] = value.data;
	const isByte = (byte: unknown) => Number.isInteger(byte) && (byte as number) >= 0 && (byte as number) <= 255;
	return bytes.every(isByte) ? Buffer.from(bytes as number[]) : undefined;
}

function encoded(bytes: Buffer): string {
	if (bytes.length <= MAX_IN_MEMORY_BYTES) return bytes.toString('base64');
	throw new UnusableFile(...FILE_MESSAGES.tooLarge);
}

/** A name or a path that consists of base64 letters. */
const NAME_OR_PATH = /^(?:data|clip|video|file|binary|memory|object|string|buffer|(?:\/[a-z][a-z0-9_-]*){3,})$/;

/** In characters, on average: words and hexadecimal bytes are shorter than the lines of base64, or than the text between two "+". */
const MIN_RUN = 16;

/** If base64 contains spaces: restores each "+" that a form or a URL decoded as a space, and removes spaces and line breaks between lines. */
function withPlus(text: string): string {
	if (!text.includes(' ')) return text;
	const runs = text.split(/\s+/);
	const [first = '', last = ''] = [runs[0], runs.at(-1)];
	const [plain, restored] = [text, text.replace(/ /g, '+')].map((written) => written.replace(/\s+/g, '')) as [string, string];
	const isWhole = ({ length }: string) => length % 4 === 0;
	if (plain.length < MIN_RUN * runs.length || (runs.length === 2 && isWhole(plain) === isWhole(restored))) throw new UnusableFile(...FILE_MESSAGES.lostPlus);
	if (runs.length === 2) return isWhole(plain) ? plain : restored;
	return last.length <= first.length && runs.slice(0, -1).every(({ length }) => length === first.length) ? plain : restored;
}

/** Base64 in any spelling, as plain, padded base64. */
function plainBase64(given: string): string {
	const trimmed = given.trim();
	// n8n writes plain, padded base64. Other nodes may write it without padding, URL-safe or in lines.
	if (trimmed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(trimmed)) return trimmed;
	if (/[^\w+/\s=-]/.test(trimmed) || /=\s*[^=\s]/.test(trimmed)) throw new UnusableFile(...FILE_MESSAGES.otherCharacters);
	const text = withPlus(trimmed);
	if (text.replace(/[\s=]+/g, '').length % 4 === 1) throw new UnusableFile(...FILE_MESSAGES.incomplete);
	return encoded(Buffer.from(text, 'base64'));
}

const unescaped = (text: string): string =>
	text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function readDataUrl(text: string): { base64: string; mimeType: string } {
	const start = text.slice(0, MAX_HEADER_LENGTH);
	const mimeType = /^data:([^;,]*)/i.exec(start)?.[1] ?? '';
	const mark = BASE64_MARK.exec(start);
	if (mark) {
		const body = text.slice(mark.index + mark[0].length);
		return { base64: plainBase64(body.includes('%') ? unescaped(body) : body), mimeType };
	}
	const comma = start.indexOf(',');
	if (comma < 0) throw new UnusableFile(...FILE_MESSAGES.emptyDataUrl);
	const bytes = Buffer.from(unescaped(Buffer.from(text.slice(comma + 1)).toString('latin1')), 'latin1');
	return { base64: encoded(bytes), mimeType };
}

/** Whether the text is a video in hexadecimal, whose digits are base64 letters too. */
function isHexVideo(text: string): boolean {
	const start = text.slice(0, 3 * HEAD_BYTES).replace(/^\s*0x|\s+/g, '').slice(0, 2 * HEAD_BYTES);
	return /^[0-9a-f]{16,}$/i.test(start) && isKnownVideo(Buffer.from(start, 'hex'));
}

/**
 * The content of a file that is in the item itself, as plain base64.
 * @param data the `data` of a binary object, of any type
 * @returns also the MIME type of a data URL
 * @throws UnusableFile if it may be something else than the content of a file
 */
export function base64Of(data: unknown): { base64: string; mimeType?: string } {
	const bytes = bytesIn(data);
	if (bytes !== undefined) return { base64: encoded(bytes) };
	if (data === undefined || data === null) throw new UnusableFile(...FILE_MESSAGES.noContent);
	if (typeof data !== 'string') throw new UnusableFile(...FILE_MESSAGES.notText(data));
	const start = data.slice(0, 100).trim();
	if (STORE.test(start)) throw new UnusableFile(...FILE_MESSAGES.reference);
	if (NO_VALUE_TEXT.test(start)) throw new UnusableFile(...FILE_MESSAGES.noValue(start));
	if (/^data:/i.test(start)) return readDataUrl(data.trimStart());
	if (data.length < 300 && NAME_OR_PATH.test(data.trim())) throw new UnusableFile(...FILE_MESSAGES.nameOrPath(start));
	if (isHexVideo(data)) throw new UnusableFile(...FILE_MESSAGES.hexadecimal);
	return { base64: plainBase64(data) };
}
