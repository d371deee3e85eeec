import { streamOf } from './stream';
import type { BinaryStream } from './stream';

/** As n8n itself counts them when it shows the size of a file. */
export const MEGABYTE = 1_000_000;

/** A size for people: whole bytes when small, otherwise megabytes with one decimal. */
export function sizeText(bytes: number): string {
	return bytes < MEGABYTE / 10 ? `${bytes} bytes` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

export interface MeasuredDownload {
	/** The same bytes; it breaks when the source does, or when they are not what they should be. */
	stream: BinaryStream;
	/** Why it broke, as the end of a sentence; undefined while nothing is wrong. */
	error: () => string | undefined;
}

/** Passes chunks on, and tells when the source breaks. */
async function* passing(chunks: AsyncIterable<Buffer>, onBreak: () => never): AsyncGenerator<Buffer, void> {
	const source = chunks[Symbol.asyncIterator]();
	for (;;) {
		const step = await source.next().catch(onBreak);
		if (step.done) return;
		yield step.value;
	}
}

/** Whether n8n's HTTP client decompresses the body: then it is a zlib stream, which counts the bytes that came in. */
export const decompresses = (source: BinaryStream): source is BinaryStream & { bytesWritten: number } =>
	typeof (source as { bytesWritten?: unknown }).bytesWritten === 'number';

/**
 * Counts the bytes of a download as they pass, and breaks it off when there are too many, too few or none.
 * @param limits `length` is the Content-Length, if there is one: that of the compressed bytes if the source
 *   decompresses them; `maxBytes` counts the bytes that are stored, 0 = no limit
 */
export function measureDownload(
	source: BinaryStream,
	limits: { length?: number; maxBytes: number; onBytes: (count: number) => void },
): MeasuredDownload {
	const { length, maxBytes, onBytes } = limits;
	let read = 0;
	let trouble: string | undefined;
	const stop = (reason: string): never => {
		trouble = reason;
		throw new Error(reason);
	};
	const received = () => (decompresses(source) ? source.bytesWritten : read);
	const broken = () => `the connection broke after ${sizeText(received())}${length === undefined ? '' : ` of ${sizeText(length)}`}`;
	async function* counted(): AsyncGenerator<Buffer, void> {
		for await (const chunk of passing(source as AsyncIterable<Buffer>, () => stop(broken()))) {
			read += chunk.length;
			onBytes(chunk.length);
			if (maxBytes > 0 && read > maxBytes) stop(`it has more than ${sizeText(maxBytes)}, which is the limit`);
			yield chunk;
		}
		if (length !== undefined && received() < length) stop(broken());
		if (read === 0) stop('it is empty');
	}
	const stream = streamOf(counted());
	return { stream, error: () => trouble };
}
