import type { BinaryStream } from './stream';

type Destination = NodeJS.WritableStream;
type Source = Pick<BinaryStream, 'pipe'>;

/** Where the pieces of a body go that is piped into a request: straight there, one at a time. */
export interface RequestWriter {
	/** Whether a request takes the pieces; if not, somebody reads the stream. Asked once, when the first one is there. */
	isOpen: () => boolean;
	/** Sends a piece; once it is true, the bytes have left and their memory is free. False: nobody takes any more. */
	send: (piece: Buffer) => Promise<boolean>;
	/** Ends the sending, also of a piece that is on its way. */
	close: () => void;
}

/** Tells `found` the request that a stream ends in, by way of nothing but plain Transforms. */
function findRequest(stream: Source, found: (request: Destination) => void): void {
	const pipe = stream.pipe.bind(stream);
	stream.pipe = <T extends Destination>(destination: T, options?: { end?: boolean }): T => {
		const { name } = destination.constructor;
		if (name === 'ClientRequest') found(destination);
		// n8n's HTTP client puts one before the request, to count the bytes against a limit of Infinity.
		else if (name === 'Transform' && 'pipe' in destination) findRequest(destination as T & Source, found);
		return pipe(destination, options);
	};
}

/**
 * Finds the request that a body is piped into, to write to it directly: it alone tells when bytes have left. What
 * goes through a pipe is never heard of again, so each piece would need memory of its own.
 * @param stream is piped as ever, but for its pieces: its end ends the request, its error breaks it off
 */
export function requestWriterOf(stream: BinaryStream): RequestWriter {
	let request: Destination | undefined;
	let closed = false;
	let giveUp = (): void => undefined;
	const close = () => {
		closed = true;
		giveUp();
	};
	findRequest(stream, (found) => {
		request = found;
		// A request that breaks before it has a connection calls nobody back.
		found.once('close', close);
	});
	const send = async (piece: Buffer) =>
		await new Promise<boolean>((resolve) => {
			giveUp = () => resolve(false);
			if (closed) giveUp();
			else request?.write(piece, (error) => (error ? close() : resolve(true)));
		});
	return { isOpen: () => request !== undefined, send, close };
}
