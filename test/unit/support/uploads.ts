import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RequestBody, Upload } from '../../../nodes/hidream/upload';
import type { Video } from '../../../nodes/video/source';
import { strictDouble } from './strictDouble';

/** Bytes with a long period. */
export function bytesOf(size: number): Buffer {
	const block = createHash('sha512').update('video').digest();
	return Buffer.alloc(size, Buffer.concat([block, Buffer.from([0, 255, 254])]));
}

/** Cuts `bytes` into chunks of these sizes, repeated. */
export function cut(bytes: Buffer, sizes: number[]): Buffer[] {
	const chunks: Buffer[] = [];
	for (let at = 0, n = 0; at < bytes.length; n++) {
		const size = sizes[n % sizes.length] ?? bytes.length;
		chunks.push(bytes.subarray(at, at + size));
		at += size;
	}
	return chunks;
}

/** A video in n8n's binary store, read in these chunks; `size` is what n8n reports. */
export const storedVideo = (chunks: Iterable<Buffer> | AsyncIterable<Buffer>, size: number): Exclude<Video, { kind: 'text' }> => ({
	kind: 'stored',
	size,
	open: async () => Readable.from(chunks, { objectMode: false }),
	ownChunks: false,
});

/** The data of an upload, as a stream. */
export function streamOf({ data }: Upload): Readable {
	if (!(data instanceof Readable)) throw new Error('The upload is no stream');
	return data;
}

/** Reads an upload to its end; `error` if it breaks off. */
export async function drain(upload: Upload): Promise<{ bytes: Buffer; error?: Error }> {
	const chunks: Buffer[] = [];
	try {
		for await (const chunk of streamOf(upload)) chunks.push(chunk as Buffer);
	} catch (error) {
		return { bytes: Buffer.concat(chunks), error: error as Error };
	}
	return { bytes: Buffer.concat(chunks) };
}

/** A request body whose progress the test sets. */
export class ManualUpload {
	progress = 0;

	handedOver = false;

	unreadable: string | undefined;

	opened = 0;

	closed = 0;

	readonly body: RequestBody;

	constructor(length = 100) {
		this.body = { length, open: () => this.open() };
	}

	private open(): Upload {
		this.opened += 1;
		return strictDouble<Upload>('upload', {
			data: 'the body',
			progress: () => this.progress,
			handedOver: () => this.handedOver,
			unreadable: () => this.unreadable,
			close: () => {
				this.closed += 1;
			},
		});
	}
}
