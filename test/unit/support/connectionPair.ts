import { Duplex } from 'node:stream';

/** One end of a connection. */
class End extends Duplex {
	other: End | undefined;

	private wanted = false;

	private deliver: (() => void) | undefined;

	override _read(): void {
		this.wanted = true;
		this.takeNext();
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		const { other } = this;
		if (!other) throw new Error('The end is not connected');
		other.deliver = () => {
			other.push(Buffer.from(chunk));
			done();
		};
		// Not immediately, so that a buffer that is reused too early is noticed.
		setImmediate(() => other.takeNext());
	}

	override _final(done: () => void): void {
		this.other?.push(null);
		done();
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		setImmediate(() => this.other?.destroy());
		done(error);
	}

	private takeNext(): void {
		const { deliver } = this;
		if (!deliver || !this.wanted) return;
		[this.wanted, this.deliver] = [false, undefined];
		deliver();
	}
}

/** A connection in memory. A write completes when the other end reads it; only then are its bytes copied. */
export function connectionPair(): [client: Duplex, server: Duplex] {
	const [client, server] = [new End(), new End()];
	[client.other, server.other] = [server, client];
	return [client, server];
}
