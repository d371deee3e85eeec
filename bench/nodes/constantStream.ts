import { Readable } from 'node:stream';

/** A stream of so many bytes that takes no memory and hardly any time: the same piece again and again. */
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
