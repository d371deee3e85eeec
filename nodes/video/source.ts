import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { ErrorInfo } from '../shared/messages';
import { nonVideo, UnusableFile } from './fileKind';
import { base64Of } from './inMemory';
import type { BinaryStream } from './stream';
import { HEAD_BYTES } from './textKind';

/** Bytes in n8n's binary store, read as they are sent. */
export interface StoredVideo {
	kind: 'stored';
	size: number;
	open: () => Promise<BinaryStream>;
	/** Each chunk has memory of its own, which nobody reads again. */
	ownChunks: boolean;
	/** Looks at the first chunk before it is sent, where nobody has looked before; throws when it is no video. */
	inspect?: ((chunk: Buffer) => void) | undefined;
}

/** Where the value of `video_name` comes from. */
export type Video =
	/** A URL, sent as it is. */
	| { kind: 'text'; text: string }
	/** Base64 that n8n holds in memory already (its in-memory binary mode). */
	| { kind: 'base64'; base64: string }
	| StoredVideo;

/** An item's video, and what tells it from another one on every further try. */
export interface ItemVideo {
	/** Gives what to send; asked anew for each try, so that a link is fresh when it goes out. */
	openVideo: () => Video;
	identity: string;
	/** What n8n loads from its database before the first byte of it can be sent, in bytes; usually nothing. */
	fromDatabase: number;
	/** The request carries the video itself, not a URL. */
	isUpload?: true;
	/** When the signature of its URL expires, in milliseconds since 1970. */
	expiresAt?: number;
	/** What is wrong with it now, though it was fine before; never throws. */
	recheck?: () => ErrorInfo | undefined;
}

/** A binary file that may be sent. */
export interface BinaryFile {
	video: Exclude<Video, { kind: 'text' }>;
	/** The same for the same file on each further attempt. */
	identity: string;
	/** What n8n loads from its database before the first byte can be sent, in bytes; usually nothing. */
	fromDatabase: number;
}

/**
 * How much is read from the binary store at once, in bytes: a multiple of three, so that each piece becomes
 * base64 without a remainder.
 */
export const CHUNK_BYTES = 192 * 1024;

/** n8n loads a whole row of its database for the first byte, so a larger file is inspected only when it is sent. */
const MAX_LOADED_EARLY = 4_000_000;

const DIGEST_SLICE = 256 * 1024;

type Helpers = IExecuteFunctions['helpers'];

const empty = () => new UnusableFile('is empty', 'Check the node before this one: it gave a file without content.');

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Slice by slice: a hash copies what it is given, and this may be hundreds of megabytes. */
function digestOf(text: string): string {
	const hash = createHash('sha256');
	for (let at = 0; at < text.length; at += DIGEST_SLICE) hash.update(text.slice(at, at + DIGEST_SLICE));
	return hash.digest('hex');
}

/**
 * What names a file on each further attempt. n8n moves the files of a run that a webhook or form started from
 * `executions/temp` to the execution's own folder, so only the last part of the ID stays the same.
 */
const identityOf = (file: { id: string } | { base64: string }): string =>
	'id' in file ? (file.id.split('/').at(-1) ?? file.id) : digestOf(file.base64);

/** The first bytes of a stream, which leaving the loop destroys; Node.js then ignores its later errors. */
async function readHead(stream: BinaryStream): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		chunks.push(chunk.subarray(0, HEAD_BYTES - length));
		length += chunk.length;
		if (length >= HEAD_BYTES) break;
	}
	return Buffer.concat(chunks);
}

function inMemory({ data, mimeType }: IDataObject): BinaryFile {
	const content = base64Of(data);
	const { base64 } = content;
	if (base64 === '') throw empty();
	const head = Buffer.from(base64.slice(0, Math.ceil(HEAD_BYTES / 3) * 4), 'base64').subarray(0, HEAD_BYTES);
	assertMayBeVideo(head, textIn(mimeType) || (content.mimeType ?? ''), (base64.length / 4) * 3);
	return { video: { kind: 'base64', base64 }, identity: identityOf({ base64 }), fromDatabase: 0 };
}

function assertMayBeVideo(head: Buffer, mimeType: string, size: number): void {
	const flaw = nonVideo(head, mimeType, size);
	if (flaw) throw flaw;
}

/** Ends an upload whose first chunk shows no video: it breaks off before its end, so HiDream makes no task. */
function inspectLate(chunk: Buffer, mimeType: string, size: number): void {
	const flaw = nonVideo(chunk.subarray(0, HEAD_BYTES), mimeType, size);
	if (flaw) throw new Error(`it ${flaw.message}`);
}

async function inStore(helpers: Helpers, id: string, given: string): Promise<BinaryFile> {
	const metadata = (await helpers.getBinaryMetadata(id)) as { fileSize?: unknown; mimeType?: unknown } | null;
	const { fileSize: size, mimeType } = metadata ?? {};
	if (size === 0) throw empty();
	if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw new Error('n8n does not know its size');
	const type = given || textIn(mimeType);
	const isInDatabase = id.startsWith('database');
	const isLoaded = !isInDatabase || size <= MAX_LOADED_EARLY;
	const head = isLoaded ? await readHead(await helpers.getBinaryStream(id, HEAD_BYTES)) : Buffer.alloc(0);
	if (isLoaded && head.length < Math.min(size, HEAD_BYTES)) throw new Error(`it has ${head.length} bytes, but n8n said ${size}`);
	assertMayBeVideo(head, type, size);
	const video: StoredVideo = {
		kind: 'stored',
		size,
		open: async () => await helpers.getBinaryStream(id, CHUNK_BYTES),
		// A file is read into new memory each time; what another store hands out may be part of something larger.
		ownChunks: id.startsWith('filesystem'),
		inspect: isLoaded ? undefined : (chunk) => inspectLate(chunk, type, size),
	};
	return { video, identity: identityOf({ id }), fromDatabase: isInDatabase ? size : 0 };
}

/**
 * Finds the file of a binary object of any shape, and looks at its first bytes.
 * @throws UnusableFile when it is surely no video, or not surely a file; any other error when it cannot be read
 */
export async function findBinary({ helpers }: { helpers: Helpers }, binary: IDataObject): Promise<BinaryFile> {
	const { id, mimeType } = binary;
	if (id === undefined || id === null || id === '') return inMemory(binary);
	if (typeof id === 'string') return await inStore(helpers, id, textIn(mimeType));
	throw new UnusableFile('has an "id" that is not text', 'Keep the whole binary object as the node before gave it, e.g. {{ $binary.data }}.');
}
