import type { BinaryStream } from './stream';

type Destination = NodeJS.WritableStream;

/** Node's own request. It alone says by its callback that bytes have left; others may hand on what they got. */
const isRequest = (destination: Destination): boolean => destination.constructor.name === 'ClientRequest';

/** Where the pieces of a body go when it is piped into a request: straight there, one at a time. */
export interface Outlet {
	/** Whether a request takes the pieces; if not, somebody reads the stream. */
	isOpen: () => boolean;
	/** Sends a piece; once it is true, the bytes have left and their memory is free. False: nobody takes any more. */
	send: (piece: Buffer) => Promise<boolean>;
	/** Ends the sending, also of a piece that is on its way. */
	close: () => void;
}

/**
 * Takes the place of `pipe` for requests. Node's own hands pieces over without ever saying when one has left, so
 * each would need memory of its own. What is no request is piped into as ever.
 * @param stream yields nothing and ends when all has been sent
 */
export function outletOf(stream: BinaryStream): Outlet {
	let request: Destination | undefined;
	let closed = false;
	let giveUp = (): void => undefined;
	const close = () => {
		closed = true;
		giveUp();
	};
	const send = async (piece: Buffer) =>
		await new Promise<boolean>((resolve) => {
			giveUp = () => resolve(false);
			if (closed) giveUp();
			else request?.write(piece, (error) => (error ? close() : resolve(true)));
		});
	const ordinary = stream.pipe.bind(stream);
	stream.pipe = <T extends Destination>(destination: T, options?: { end?: boolean }): T => {
		if (!isRequest(destination)) return ordinary(destination, options);
		request = destination;
		// A request that breaks before it has a connection calls nobody back.
		destination.once('close', close);
		stream.once('end', () => void (closed || destination.end()));
		stream.resume();
		return destination;
	};
	return { isOpen: () => request !== undefined, send, close };
}
