import type { RequestBody, Upload } from '../hidream/upload';
import { CHUNK_BYTES, streamOf } from './source';
import type { Video } from './source';

/** The longest piece of ready base64 sent at once, in characters: as long as a piece that is read becomes. */
const SLICE_CHARACTERS = (CHUNK_BYTES / 3) * 4;

const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

type Piece = AsyncGenerator<Buffer, void>;

/** Bytes of a stream as base64, in pieces; holds back up to two bytes between chunks, never more. */
async function* encode(chunks: AsyncIterable<Buffer>, size: number): Piece {
	let rest: Buffer = Buffer.alloc(0);
	let read = 0;
	for await (const chunk of chunks) {
		read += chunk.length;
		const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
		const whole = bytes.length - (bytes.length % 3);
		rest = Buffer.from(bytes.subarray(whole));
		if (whole > 0) yield Buffer.from(bytes.toString('base64', 0, whole), 'latin1');
	}
	if (rest.length > 0) yield Buffer.from(rest.toString('base64'), 'latin1');
	if (read !== size) throw new Error(`it has ${read} bytes, but n8n said ${size}`);
}

async function* slices(base64: string): Piece {
	for (let at = 0; at < base64.length; at += SLICE_CHARACTERS) {
		yield Buffer.from(base64.slice(at, at + SLICE_CHARACTERS), 'latin1');
	}
}

async function* piecesOf(video: Exclude<Video, { kind: 'text' }>): Piece {
	if (video.kind === 'base64') yield* slices(video.base64);
	else yield* encode((await video.open()) as AsyncIterable<Buffer>, video.size);
}

/** Passes the pieces on; where reading them fails it tells `note` and ends. */
async function* noting(pieces: Piece, note: (error: Error) => void): Piece {
	try {
		for (;;) {
			const step = await pieces.next().catch((error: Error) => note(error));
			if (!step || step.done) return;
			yield step.value;
		}
	} finally {
		await pieces.return();
	}
}

/** A body that is sent in one go: nothing can be seen of its way. */
const textUpload = (text: string): Upload => ({
	data: text,
	progress: () => 0,
	handedOver: () => true,
	unreadable: () => undefined,
	close: () => undefined,
});

function streamUpload(head: Buffer, video: Exclude<Video, { kind: 'text' }>, tail: Buffer): Upload {
	let produced = 0;
	let complete = false;
	let unreadable: string | undefined;
	const note = ({ message }: Error) => {
		unreadable = `The video could not be read from n8n's binary store: ${message}`;
	};
	async function* body(): Piece {
		yield head;
		for await (const piece of noting(piecesOf(video), note)) {
			produced += 1;
			yield piece;
		}
		if (unreadable !== undefined) throw new Error(unreadable);
		complete = true;
		yield tail;
	}
	const data = streamOf(body());
	return {
		data,
		progress: () => produced - data.readableLength,
		handedOver: () => complete && data.readableLength === 0,
		unreadable: () => unreadable,
		close: () => data.destroy(),
	};
}

/**
 * The JSON body of a submit, `video_name` last, with its exact length. A video in the binary store is read,
 * encoded and sent piece by piece and is never whole in memory.
 * @param fields the other fields; undefined and empty ones are left out
 */
export function jsonBody(fields: Readonly<Record<string, string | undefined>>, video: Video): RequestBody {
	const present = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
	if (video.kind === 'text') {
		const text = JSON.stringify({ ...Object.fromEntries(present), video_name: video.text });
		return { length: Buffer.byteLength(text), open: () => textUpload(text) };
	}
	const head = Buffer.from(JSON.stringify({ ...Object.fromEntries(present), video_name: '' }).slice(0, -2));
	const tail = Buffer.from('"}');
	const base64 = video.kind === 'base64' ? video.base64.length : base64Length(video.size);
	return {
		length: head.length + base64 + tail.length,
		open: () => streamUpload(head, video, tail),
	};
}
