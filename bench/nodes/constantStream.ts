import { Readable } from 'node:stream';

/** A stream of constant bytes that takes no memory and hardly any time: it repeats one piece. */
export function constantStream(length: number, piece: Buffer): Readable {
	let left = length;
	return new Readable({
		highWaterMark: piece.length,
		read() {
			const next = left < piece.length ? piece.subarray(0, left) : piece;
			left -= next.length;
			this.push(next.length === 0 ? null : next);
		},
	});
}
