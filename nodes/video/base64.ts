import { CHUNK_BYTES } from './source';
import type { StoredVideo } from './source';
import type { Pieces } from './stream';

/** How much base64 leaves at once, in characters: as much as a chunk that is read becomes. */
const PIECE_CHARACTERS = (CHUNK_BYTES / 3) * 4;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The two characters of each 12 bits, as they lie in memory on this machine. */
const PAIRS = new Uint16Array(ALPHABET.length ** 2);
Buffer.from(PAIRS.buffer).write([...ALPHABET].flatMap((high) => [...ALPHABET].map((low) => high + low)).join(''), 'latin1');

/** How many bytes so many bytes become as base64, padding included. */
export const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/**
 * Writes the base64 of `bytes`, from `from` to `to`, a multiple of three, to `pairs` from `at` on; gives where it ended.
 * By hand, because Node.js makes base64 only as a new string: the garbage of 400 MB of strings, and a Buffer for
 * each, sets off collections of n8n's whole heap, which took four times as long as all the rest.
 */
function encodeTriples(bytes: Uint8Array, from: number, to: number, pairs: Uint16Array, at: number): number {
	let pair = at;
	for (let n = from; n < to; n += 3) {
		const triple = ((bytes[n] as number) << 16) | ((bytes[n + 1] as number) << 8) | (bytes[n + 2] as number);
		pairs[pair] = PAIRS[triple >> 12] as number;
		pairs[pair + 1] = PAIRS[triple & 4095] as number;
		pair += 2;
	}
	return pair;
}

/** What a chunk's memory is since ES2024; Node.js has it since 21. */
type Transferable = { transfer?: (byteLength: number) => void };

/** Gives a chunk's memory back at once, not when n8n's heap is next collected. */
const free = ({ buffer }: Buffer): void => (buffer as Transferable).transfer?.(0);

/**
 * Bytes of a stream as base64, in pieces of one and the same memory: whoever asks for the next piece has no more
 * use of the last one. Chunks may be of any size.
 */
export async function* encode({ open, size, ownChunks, inspect }: StoredVideo): Pieces {
	const pairs = new Uint16Array(PIECE_CHARACTERS / 2);
	const piece = Buffer.from(pairs.buffer);
	const rest = new Uint8Array(3);
	let [filled, resting, read] = [0, 0, 0];
	for await (const chunk of (await open()) as AsyncIterable<Buffer>) {
		if (read === 0) inspect?.(chunk);
		const { length } = chunk;
		read += length;
		let at = 0;
		while (resting > 0 && resting < 3 && at < length) rest[resting++] = chunk[at++] as number;
		if (resting === 3) {
			filled = encodeTriples(rest, 0, 3, pairs, filled);
			resting = 0;
		}
		for (;;) {
			const to = at + Math.min(Math.floor((length - at) / 3), (pairs.length - filled) / 2) * 3;
			filled = encodeTriples(chunk, at, to, pairs, filled);
			at = to;
			if (filled < pairs.length) break;
			yield piece;
			filled = 0;
		}
		while (at < length) rest[resting++] = chunk[at++] as number;
		if (ownChunks) free(chunk);
	}
	if (filled > 0) yield piece.subarray(0, filled * 2);
	if (resting > 0) yield Buffer.from(Buffer.from(rest.subarray(0, resting)).toString('base64'));
	if (read !== size) throw new Error(`it has ${read} bytes, but n8n said ${size}`);
}

/** Base64 that is in memory already, in such pieces. */
export async function* slices(base64: string): Pieces {
	const piece = Buffer.alloc(Math.min(PIECE_CHARACTERS, base64.length));
	for (let at = 0; at < base64.length; at += piece.length) {
		yield piece.subarray(0, piece.write(base64.slice(at, at + piece.length), 'latin1'));
	}
}
