import type { RequestBody, Upload } from '../hidream/upload';
import { base64Length, encode, slices } from './base64';
import { requestWriterOf } from './requestWriter';
import type { Video } from './source';
import { streamOf } from './stream';
import type { Pieces } from './stream';

type Bytes = Exclude<Video, { kind: 'text' }>;

const piecesOf = (video: Bytes): Pieces => (video.kind === 'base64' ? slices(video.base64) : encode(video));

/** Passes the pieces on; where reading them fails it tells `note` and ends. */
async function* noting(pieces: Pieces, note: (error: Error) => void): Pieces {
	try {
		for (;;) {
			const step = await pieces.next().catch((error: Error) => note(error));
			if (!step || step.done) return;
			yield step.value;
		}
	} finally {
		await pieces.return();
	}
}

/** A body that is sent in one go: nothing can be seen of its way. */
const textUpload = (text: string): Upload => ({
	data: text,
	progress: () => 0,
	handedOver: () => true,
	unreadable: () => undefined,
	close: () => undefined,
});

function streamUpload(head: Buffer, video: Bytes, tail: Buffer): Upload {
	let moved = 0;
	let complete = false;
	let unreadable: string | undefined;
	const note = ({ message }: Error) => {
		unreadable = `The video could not be read from n8n's binary store: ${message}`;
	};
	async function* parts(): Pieces {
		yield head;
		yield* noting(piecesOf(video), note);
		if (unreadable !== undefined) throw new Error(unreadable);
		complete = true;
		yield tail;
	}
	async function* body(): Pieces {
		let direct: boolean | undefined;
		for await (const piece of parts()) {
			direct ??= outlet.isOpen();
			if (direct && !(await outlet.send(piece))) return;
			moved += 1;
			// Whoever reads may keep it.
			if (!direct) yield Buffer.from(piece);
		}
	}
	const data = streamOf(body());
	const outlet = requestWriterOf(data);
	return {
		data,
		progress: () => moved - data.readableLength,
		handedOver: () => complete && data.readableLength === 0,
		unreadable: () => unreadable,
		close: () => {
			outlet.close();
			data.destroy();
		},
	};
}

/**
 * The JSON body of a submit, `video_name` last, with its exact length. A video in the binary store is read,
 * encoded and sent piece by piece and is never whole in memory.
 * @param fields the other fields; undefined and empty ones are left out
 */
export function jsonBody(fields: Readonly<Record<string, string | undefined>>, video: Video): RequestBody {
	const present = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
	if (video.kind === 'text') {
		const text = JSON.stringify({ ...Object.fromEntries(present), video_name: video.text });
		return { length: Buffer.byteLength(text), open: () => textUpload(text) };
	}
	const head = Buffer.from(JSON.stringify({ ...Object.fromEntries(present), video_name: '' }).slice(0, -2));
	const tail = Buffer.from('"}');
	const base64 = video.kind === 'base64' ? video.base64.length : base64Length(video.size);
	return {
		length: head.length + base64 + tail.length,
		open: () => streamUpload(head, video, tail),
	};
}
