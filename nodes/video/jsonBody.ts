import type { RequestBody, Upload } from '../hidream/upload';
import { unreadableText } from '../shared/messages/aboutVideos';
import { base64Length, encode, slices } from './base64';
import type { Video } from './source';
import { readableFrom, requestWriterOf, type Pieces } from './stream';

type Bytes = Exclude<Video, { kind: 'text' }>;

/** A body that is sent in one piece, so it has no progress. */
const textUpload = (text: string): Upload => ({
	data: text,
	progress: () => 0,
	handedOver: () => true,
	unreadable: () => undefined,
	close: () => undefined,
});

function streamUpload(head: Buffer, video: Bytes, tail: Buffer): Upload {
	let sent = 0;
	let complete = false;
	let unreadable: string | undefined;
	async function* parts(): Pieces {
		yield head;
		try {
			yield* video.kind === 'base64' ? slices(video.base64) : encode(video);
		} catch (error) {
			unreadable = unreadableText((error as Error).message);
		}
		if (unreadable !== undefined) throw new Error(unreadable);
		complete = true;
		yield tail;
	}
	// A generator of its own, so that an error of the reader is not taken for one of the video.
	async function* body(): Pieces {
		let direct: boolean | undefined;
		for await (const piece of parts()) {
			direct ??= writer.isOpen();
			if (direct && !(await writer.send(piece))) return;
			sent += 1;
			// The reader may keep what it gets.
			if (!direct) yield Buffer.from(piece);
		}
	}
	const data = readableFrom(body());
	const writer = requestWriterOf(data);
	return {
		data,
		progress: () => sent - data.readableLength,
		handedOver: () => complete && data.readableLength === 0,
		unreadable: () => unreadable,
		close: () => {
			writer.close();
			data.destroy();
		},
	};
}

/**
 * The JSON body of a submit and its exact length, with `video_name` last. A video in the binary store is read, encoded
 * and sent piece by piece.
 * @param fields the other fields; undefined and empty ones are left out
 */
export function jsonBody(fields: Readonly<Record<string, string | undefined>>, video: Video): RequestBody {
	const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
	if (video.kind === 'text') {
		const text = JSON.stringify({ ...present, video_name: video.text });
		return { length: Buffer.byteLength(text), open: () => textUpload(text) };
	}
	const head = Buffer.from(JSON.stringify({ ...present, video_name: '' }).slice(0, -2));
	const tail = Buffer.from('"}');
	const base64 = video.kind === 'base64' ? video.base64.length : base64Length(video.size);
	return { length: head.length + base64 + tail.length, open: () => streamUpload(head, video, tail) };
}
