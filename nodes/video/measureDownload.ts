import { DOWNLOAD } from '../shared/messages/aboutVideos';
import { readableFrom, type BinaryStream, type Pieces } from './stream';

/** In bytes, as n8n counts when it shows the size of a file. */
export const MEGABYTE = 1_000_000;

/** A size in words: bytes if it is small, otherwise megabytes with one decimal. */
export function sizeText(bytes: number): string {
	return bytes < MEGABYTE / 10 ? `${bytes} bytes` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/** Whether n8n's HTTP client decompresses the body: then it is a zlib stream, which counts the compressed bytes. */
export const decompresses = (source: BinaryStream): source is BinaryStream & { bytesWritten: number } =>
	typeof (source as { bytesWritten?: unknown }).bytesWritten === 'number';

/**
 * Counts the bytes of a download, and fails it if there are too many, too few or none.
 * @param limits `length` is the Content-Length, if known: of the compressed bytes if the source decompresses them;
 *   `maxBytes` limits the decompressed bytes, 0 = no limit
 * @returns the same bytes, in a stream that fails if the source fails or a limit is not met; `error` gives the reason
 */
export function measureDownload(source: BinaryStream, { length, maxBytes, onBytes }: { length?: number; maxBytes: number; onBytes: (count: number) => void }) {
	let read = 0;
	let error: string | undefined;
	const fail = (reason: string): never => {
		error = reason;
		throw new Error(reason);
	};
	const received = () => (decompresses(source) ? source.bytesWritten : read);
	const broken = () => DOWNLOAD.broken(sizeText(received()), length === undefined ? undefined : sizeText(length));
	// A generator of its own, so that an error of the reader is not taken for one of the source.
	async function* chunks(): Pieces {
		try {
			yield* source as AsyncIterable<Buffer>;
		} catch {
			fail(broken());
		}
	}
	async function* counted(): Pieces {
		for await (const chunk of chunks()) {
			read += chunk.length;
			onBytes(chunk.length);
			if (maxBytes > 0 && read > maxBytes) fail(DOWNLOAD.readOverLimit(sizeText(maxBytes)));
			yield chunk;
		}
		if (length !== undefined && received() < length) fail(broken());
		if (read === 0) fail(DOWNLOAD.empty);
	}
	return { stream: readableFrom(counted()), error: () => error };
}
