import { FILE_MESSAGES } from '../shared/messages/aboutVideos';
import { HEAD_BYTES, TEXT_FILE, textKind, textOf } from './textKind';

/** Why a file cannot be sent to HiDream. */
export class UnusableFile extends Error {
	/**
	 * @param reason completes a sentence that begins with the file
	 * @param hint what to do now
	 */
	constructor(reason: string, readonly hint: string) {
		super(reason);
	}
}

/** Brands of the ISO base media format (`ftyp`) that are not videos. */
const BRANDS: ReadonlyArray<readonly [kind: string, brands: RegExp]> = [
	['an image', /^(?:mif[12]|msf1|miaf|hei[cfmsx]|hev[cmsx]|avi[fs]|jxl |crx )$/],
	['an audio file', /^(?:M4[ABP]|F4[AB]|aax) $/],
];

/** First boxes of QuickTime and fragmented MP4 files without `ftyp`. */
const BOXES = /^(?:moov|mdat|wide|free|skip|pnot|styp|moof|sidx|uuid)$/;

/** First bytes of videos: Matroska/WebM, FLV, MPEG-1/2 program and elementary stream, ASF, MXF, RealMedia, IVF, Y4M. */
const VIDEO_STARTS = [
	'\x1aE\xdf\xa3',
	'FLV\x01',
	'\0\0\x01\xba',
	'\0\0\x01\xb3',
	'0&\xb2u\x8ef\xcf\x11',
	'\x06\x0e+4',
	'.RMF\0',
	'DKIF\0',
	'YUV4MPEG2 ',
];

/** First bytes of other files. A GIF counts as an image (UNKNOWN whether HiDream accepts it). */
const OTHER_STARTS: ReadonlyArray<readonly [kind: string, starts: string[]]> = [
	['an image', ['\x89PNG', '\xff\xd8\xff', 'GIF87a', 'GIF89a', 'II*\0', 'MM\0*', '8BPS', '\0\0\0\fJXL ', '\0\0\0\fjP  ', 'v/1\x01', 'AT&TFORM']],
	['a PDF document', ['%PDF-']],
	['an archive or an Office document', ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']],
	['an archive', ['\x1f\x8b\b', 'Rar!\x1a\x07', '7z\xbc\xaf\x27\x1c', '\xfd7zXZ\0', '(\xb5/\xfd', 'MSCF', '\x04"M\x18', '!<arch>', ...Array.from('123456789', (level) => `BZh${level}1AY&SY`)]],
	['an audio file', ['ID3\x02', 'ID3\x03', 'ID3\x04', 'fLaC', '#!AMR', 'MThd\0\0', 'caff\0\x01', '#!SILK', '\x02#!SILK', 'RF64', '.snd', 'MAC ', 'wvpk']],
	['a shortcut', ['L\0\0\0\x01\x14\x02\0']],
	['a torrent', ['d8:announce', 'd13:announce-list', 'd10:created by', 'd13:creation date', 'd7:comment', 'd8:encoding', 'd8:url-list', 'd9:httpseeds', 'd4:info']],
	['a database', ['SQLite format 3\0']],
	['a file of macOS metadata', ['\0\x05\x16\x07', 'bplist00', '\0\0\0\x01Bud1']],
	['a font', ['\0\x01\0\0\0', 'OTTO', 'wOFF', 'wOF2']],
	['a program', ['\x7fELF', '\xfe\xed\xfa\xce', '\xfe\xed\xfa\xcf', '\xce\xfa\xed\xfe', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '\0asm']],
];

const VIDEO = 'video';

/** MPEG transport streams repeat 0x47 ("G") every 188 bytes, M2TS every 192 from byte 4, DVB every 204. */
const isTransportStream = (bytes: string): boolean =>
	[[0, 188], [4, 192], [0, 204]].some(([at = 0, step = 0]) => [0, 1, 2].every((n) => bytes[at + n * step] === 'G'));

function oggKind(bytes: string): string {
	const next = bytes.indexOf('OggS', 4);
	// A second stream may be video. Flag 2 marks the first page of a stream.
	const isSingle = next > 0 && (bytes.charCodeAt(next + 5) & 2) === 0;
	const isAudio = ['\x01vorbis', 'OpusHead', 'Speex   ', '\x7fFLAC'].some((codec) => bytes.startsWith(codec, 28));
	return isSingle && isAudio ? 'an audio file' : VIDEO;
}

function riffKind(bytes: string): string | undefined {
	const form = bytes.slice(8, 12);
	if (form.startsWith('AVI')) return VIDEO;
	return { WAVE: 'an audio file', WEBP: 'an image', ACON: 'an image' }[form];
}

/** Whether an MP3 or AAC frame is followed by another one. A single match of two bytes can be chance. */
const isAudioFrame = (bytes: string): boolean =>
	/^\xff[\xf1-\xf3\xf9-\xfb]/.test(bytes) && bytes.indexOf(bytes.slice(0, 2), 48) > 0;

/** Whether a binary file was decoded as UTF-8 and encoded again: what is not UTF-8 is then U+FFFD. The last character may be cut. */
const wasDecoded = (head: Buffer): boolean =>
	(head.toString('latin1').match(/\xef\xbf\xbd/g) ?? []).length > 1 && Buffer.from(head.toString()).subarray(0, head.length - 3).equals(head.subarray(0, -3));

/** The kind of a file by its first bytes: "video", another kind with its article, or undefined if they match nothing. */
function contentKind(head: Buffer): string | undefined {
	const bytes = head.toString('latin1');
	const starts = (start: string) => bytes.startsWith(start);
	if (wasDecoded(head)) return 'a damaged file (it was decoded as text)';
	if (/^\s*--[^\r\n]{1,70}\r?\nContent-(?:Disposition|Type):/i.test(bytes)) return 'a multipart form';
	if (VIDEO_STARTS.some(starts)) return VIDEO;
	const text = textKind(head);
	const box = bytes.slice(4, 8);
	// Text can contain these letters by chance, and the size before a box can look like the start of another format.
	if (text === undefined && box === 'ftyp') return BRANDS.find(([, brands]) => brands.test(bytes.slice(8, 12)))?.[0] ?? VIDEO;
	if ((text === undefined && BOXES.test(box)) || isTransportStream(bytes)) return VIDEO;
	const other = OTHER_STARTS.find(([, list]) => list.some(starts))?.[0] ?? text;
	if (other !== undefined) return other;
	if (starts('OggS')) return oggKind(bytes);
	if (starts('RIFF')) return riffKind(bytes);
	if (starts('FORM') && /^AIF[FC]/.test(bytes.slice(8))) return 'an audio file';
	if (starts('BM') && bytes.startsWith('\0\0\0\0', 6)) return 'an image';
	if (starts('MZ') && head.length >= 64 && bytes.startsWith('PE\0\0', head.readUInt32LE(60))) return 'a program';
	if (bytes.startsWith('ustar', 257)) return 'an archive';
	if (head.length === HEAD_BYTES && !head.some(Boolean)) return 'an unfinished file (its first bytes are zero)';
	return isAudioFrame(bytes) ? 'an audio file' : undefined;
}

/** MIME types of other files. The first match counts. */
const MIME_TYPES: ReadonlyArray<readonly [kind: string, types: RegExp]> = [
	['a web page', /^(?:text\/html|application\/xhtml\+xml)$/],
	['a playlist', /mpegurl$|^application\/dash\+xml$/],
	['an image', /^image\//],
	['an audio file', /^audio\//],
	['JSON data', /^(?:application|text)\/(?:.+\+|x-)?(?:json|ndjson)$/],
	['an XML document', /^(?:application|text)\/(?:.+\+)?xml$/],
	['a text file', /^text\/|^application\/(?:rtf|javascript|x-javascript|x-sh|x-subrip|yaml|x-yaml|toml|sql)$/],
	['a font', /^font\/|^application\/(?:x-)?font-/],
	['a PDF document', /^application\/(?:x-)?pdf$/],
	['a document', /^application\/(?:postscript|epub\+zip)$/],
	['a disk image', /^application\/(?:x-)?(?:iso9660-image|apple-diskimage)$/],
	['a database', /^application\/(?:vnd\.sqlite3|x-sqlite3)$/],
	['an archive', /^application\/(?:x-)?(?:zip|zip-compressed|gzip|tar|gtar|7z-compressed|rar|rar-compressed|vnd\.rar|bzip2?|xz|zstd|java-archive)$/],
	['an Office document', /^application\/(?:msword|vnd\.(?:openxmlformats-|oasis\.opendocument\.|ms-(?:excel|powerpoint|word|outlook)))/],
	['a program', /^application\/(?:x-msdownload|x-msdos-program|x-executable|x-elf|x-mach-binary|vnd\.microsoft\.portable-executable|vnd\.android\.package-archive|wasm)$/],
	['a message or a form', /^(?:message|multipart)\//],
];

/** Types that are also used for unknown files: n8n's default, and the type of `.ts` (MPEG-TS) in older MIME tables. */
const VAGUE_TYPES = /^text\/(?:plain|vnd\.trolltech\.linguist)$/;

/** The kind of a file by its MIME type, unless it may be a video. `isText` is whether its first bytes are text. */
function mimeKind(mimeType: string, isText: boolean): { kind: string; type: string } | undefined {
	const type = (mimeType.split(';')[0] ?? '').trim().toLowerCase();
	if (VAGUE_TYPES.test(type) && !isText) return undefined;
	const kind = MIME_TYPES.find(([, types]) => types.test(type))?.[0];
	return kind === undefined ? undefined : { kind, type: type.slice(0, 60) };
}

/** In bytes. An error message saved as a video is shorter. A longer text file with a video's MIME type may be an unknown format with a text header, unless it is `ENCODED`. */
const MAX_MESSAGE_BYTES = 1_000_000;

/** A data URL, or nothing but base64 or hexadecimal digits: perhaps a video, but encoded as text. */
const ENCODED = /^(?:data:|["'\w+/=\s-]+$)/;

const MESSAGE = /^(?:a web page|JSON data|an XML document|a text file)$/;

/** Whether a file begins like a known video format. */
export const isKnownVideo = (head: Buffer): boolean => contentKind(head) === VIDEO;

/**
 * Why a file is not a video; undefined if it may be one. The content overrides the MIME type, which n8n often
 * derives from the file name.
 * @param head the file's first HEAD_BYTES bytes, or none if they have not been read yet
 * @param size of the whole file, in bytes
 */
export function nonVideo(head: Buffer, mimeType: string, size = head.length): UnusableFile | undefined {
	const byContent = contentKind(head);
	const mayBeFormat = size > MAX_MESSAGE_BYTES && /^\s*video\//i.test(mimeType) && !ENCODED.test(head.toString('latin1'));
	const content = byContent === TEXT_FILE && mayBeFormat ? undefined : byContent;
	const byType = content === undefined ? mimeKind(mimeType, head.length > 0 && textOf(head) !== undefined) : undefined;
	const kind = content ?? byType?.kind;
	if (kind === undefined || kind === VIDEO) return undefined;
	return new UnusableFile(...FILE_MESSAGES.otherKind(kind, MESSAGE.test(kind), byType?.type));
}
