import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { FILE_MESSAGES, READING } from '../shared/messages/aboutVideos';
import type { ErrorInfo } from '../shared/messages/message';
import { nonVideo, UnusableFile } from './fileKind';
import { base64Of } from './inlineData';
import type { BinaryStream } from './stream';
import { HEAD_BYTES } from './textKind';

/** A video in n8n's binary store. It is read while it is sent. */
export interface StoredVideo {
	kind: 'stored';
	size: number;
	open: () => Promise<BinaryStream>;
	/** Whether each chunk has its own memory, which can be freed after reading. */
	ownChunks: boolean;
	/** Inspects the first chunk before it is sent, if it has not been inspected yet. Throws if it is not a video. */
	inspect?: ((chunk: Buffer) => void) | undefined;
}

/** The value of `video_name`. */
export type Video =
	/** A URL. */
	| { kind: 'text'; text: string }
	/** Base64 that is already in memory (n8n's in-memory binary mode). */
	| { kind: 'base64'; base64: string }
	| StoredVideo;

interface Identified {
	/** Identifies the video in every attempt. */
	identity: string;
	/** How many bytes n8n loads from its database before the first byte can be sent; 0 in other binary modes. */
	fromDatabase: number;
}

/** The video of an item. */
export interface ItemVideo extends Identified {
	/** Called for each attempt, because links to binary files expire. */
	openVideo: () => Video;
	/** Whether the request contains the video itself, not a URL. */
	isUpload?: true;
	/** When the signature of its URL expires, in milliseconds since 1970. */
	expiresAt?: number;
	/** Why a video that was valid cannot be sent any more; never throws. */
	recheck?: () => ErrorInfo | undefined;
}

/** A binary file that can be sent. */
export interface BinaryFile extends Identified {
	video: Exclude<Video, { kind: 'text' }>;
}

/** The chunk size for reading from the binary store, in bytes. A multiple of three becomes base64 without padding. */
export const CHUNK_BYTES = 192 * 1024;

/** In bytes. n8n loads the whole file from its database for the first byte, so a larger file is only inspected when it is sent. */
const MAX_INSPECTED_EARLY = 4_000_000;

const DIGEST_SLICE_LENGTH = 256 * 1024;

type Helpers = IExecuteFunctions['helpers'];

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Hashes in slices, because a hash copies its input, which can be hundreds of megabytes. */
function digestOf(text: string): string {
	const hash = createHash('sha256');
	for (let at = 0; at < text.length; at += DIGEST_SLICE_LENGTH) hash.update(text.slice(at, at + DIGEST_SLICE_LENGTH));
	return hash.digest('hex');
}

/** Reads the first bytes of a stream. Leaving the loop destroys the stream, and Node.js then ignores its errors. */
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
	if (base64 === '') throw new UnusableFile(...FILE_MESSAGES.empty);
	const head = Buffer.from(base64.slice(0, Math.ceil(HEAD_BYTES / 3) * 4), 'base64').subarray(0, HEAD_BYTES);
	assertMayBeVideo(head, textIn(mimeType) || (content.mimeType ?? ''), (base64.length / 4) * 3);
	return { video: { kind: 'base64', base64 }, identity: digestOf(base64), fromDatabase: 0 };
}

function assertMayBeVideo(head: Buffer, mimeType: string, size: number): void {
	const problem = nonVideo(head, mimeType, size);
	if (problem) throw problem;
}

/** Fails an upload whose first chunk is not a video. The request breaks before its end, so HiDream creates no task. */
function inspectLate(chunk: Buffer, mimeType: string, size: number): void {
	const problem = nonVideo(chunk.subarray(0, HEAD_BYTES), mimeType, size);
	if (problem) throw new Error(READING.notAVideo(problem.message));
}

async function inStore(helpers: Helpers, id: string, given: string): Promise<BinaryFile> {
	const metadata = (await helpers.getBinaryMetadata(id)) as { fileSize?: unknown; mimeType?: unknown } | null;
	const { fileSize: size, mimeType } = metadata ?? {};
	if (size === 0) throw new UnusableFile(...FILE_MESSAGES.empty);
	if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw new Error(READING.unknownSize);
	const type = given || textIn(mimeType);
	const isInDatabase = id.startsWith('database');
	const isInspected = !isInDatabase || size <= MAX_INSPECTED_EARLY;
	const head = isInspected ? await readHead(await helpers.getBinaryStream(id, HEAD_BYTES)) : Buffer.alloc(0);
	if (isInspected && head.length < Math.min(size, HEAD_BYTES)) throw new Error(READING.otherSize(head.length, size));
	assertMayBeVideo(head, type, size);
	const video: StoredVideo = {
		kind: 'stored',
		size,
		open: async () => await helpers.getBinaryStream(id, CHUNK_BYTES),
		// The file store reads each chunk into new memory. A chunk of another store may be part of a larger buffer.
		ownChunks: id.startsWith('filesystem'),
		inspect: isInspected ? undefined : (chunk) => inspectLate(chunk, type, size),
	};
	// If a webhook or form starts the run, n8n moves its files from `executions/temp`: only the last part of the ID stays the same.
	return { video, identity: id.split('/').at(-1) ?? id, fromDatabase: isInDatabase ? size : 0 };
}

/**
 * Finds the file of a binary object of any shape, and inspects its first bytes.
 * @throws UnusableFile if it is definitely not a video, or may not be a file; another error if it cannot be read
 */
export async function findBinary({ helpers }: { helpers: Helpers }, binary: IDataObject): Promise<BinaryFile> {
	const { id, mimeType } = binary;
	if (id === undefined || id === null || id === '') return inMemory(binary);
	if (typeof id === 'string') return await inStore(helpers, id, textIn(mimeType));
	throw new UnusableFile(...FILE_MESSAGES.badId);
}
