import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Parts per second: enough for a steady flow. */
const STEPS_PER_SECOND = 10;

/** Limits the rate of bytes; `signal` ends the wait (and the stream, with an error). */
export function throttle(bytesPerSecond: number, signal: AbortSignal): Transform {
	const step = Math.max(1, Math.floor(bytesPerSecond / STEPS_PER_SECOND));
	const pass = async (stream: Transform, chunk: Buffer) => {
		for (let start = 0; start < chunk.length; start += step) {
			const part = chunk.subarray(start, start + step);
			stream.push(part);
			await sleep((part.length / bytesPerSecond) * 1000, undefined, { signal });
		}
	};
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			pass(this, chunk).then(() => done(), done);
		},
	});
}
