import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

/** @@HEAD@@ */

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

/** Frees the memory of a chunk now, not at the next garbage collection. Nobody may use the chunk afterwards. */
export const freeMemory = ({ buffer }: Buffer): void => (buffer as Transferable).transfer?.(0);

type Destination = NodeJS.WritableStream;
type Source = Pick<BinaryStream, 'pipe'>;

/** Writes the pieces of a body directly into the request that the body is piped into. */
export interface RequestWriter {
	/** Whether there is such a request. If not, the reader of the stream gets the pieces. Known when the first piece is read. */
	isOpen: () => boolean;
	/** Sends a piece. True: its bytes have been sent and its memory can be reused. False: the request is closed. */
	send: (piece: Buffer) => Promise<boolean>;
	/** Ends the sending, also of the current piece. */
	close: () => void;
}

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
 * Finds the request that a body is piped into, and writes to it directly.
 * @param stream stays piped: its end ends the request, and its error destroys the request
 */
export function requestWriterOf(stream: BinaryStream): RequestWriter {
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
	const send = async (piece: Buffer) =>
		await new Promise<boolean>((resolve) => {
			cancelSend = () => resolve(false);
			if (closed) cancelSend();
			else request?.write(piece, (error) => (error ? close() : resolve(true)));
		});
	return { isOpen: () => request !== undefined, send, close };
}
