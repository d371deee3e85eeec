/** How a body flows: no faster than it is read, its last byte last, and the file is let go of. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES } from '../../../nodes/video/source';
import { settle } from '../support/simulatedClock';
import { bytesOf, cut, streamOf } from '../support/streams';

const CHUNKS = 400;

/** A video of many chunks that counts how many have been asked of it. */
function countedVideo() {
	const state = { pulled: 0, streams: [] as Readable[] };
	const chunk = bytesOf(CHUNK_BYTES);
	async function* chunks() {
		for (let n = 0; n < CHUNKS; n++) {
			state.pulled += 1;
			yield chunk;
		}
	}
	const open = async () => {
		const stream = Readable.from(chunks(), { objectMode: false, highWaterMark: CHUNK_BYTES });
		state.streams.push(stream);
		return stream;
	};
	return { state, video: { kind: 'stored' as const, size: CHUNKS * CHUNK_BYTES, open, ownChunks: false } };
}

async function settleWell(): Promise<void> {
	for (let n = 0; n < 50; n++) await settle();
}

test('a reader that reads nothing makes nothing be read ahead without end', async () => {
	const { state, video } = countedVideo();
	const upload = jsonBody({}, video).open();
	const stream = streamOf(upload);
	await once(stream, 'readable');
	stream.read();
	await settleWell();
	expect(state.pulled).toBeGreaterThan(0);
	expect(state.pulled).toBeLessThan(4);
	upload.close();
});

test('a slow reader holds the producer at its own pace', async () => {
	const { state, video } = countedVideo();
	const upload = jsonBody({}, video).open();
	const reader = streamOf(upload)[Symbol.asyncIterator]();
	for (let read = 1; read <= 120; read++) {
		await reader.next();
		await settle();
		expect(state.pulled).toBeLessThan(read + 40);
	}
	expect(state.pulled).toBeGreaterThanOrEqual(119);
	upload.close();
});

test('progress follows what is read, and the last byte is handed over last', async () => {
	const { video } = countedVideo();
	const body = jsonBody({}, video);
	const upload = body.open();
	let [read, seen] = [0, upload.progress()];
	for await (const chunk of streamOf(upload)) {
		read += (chunk as Buffer).length;
		expect(upload.progress()).toBeGreaterThanOrEqual(seen);
		seen = upload.progress();
		expect(upload.handedOver()).toBe(read === body.length);
	}
	expect(read).toBe(body.length);
	expect(seen).toBeGreaterThanOrEqual(CHUNKS);
});

test('while nothing is read, nothing seems to move', async () => {
	const { video } = countedVideo();
	const upload = jsonBody({}, video).open();
	const reader = streamOf(upload)[Symbol.asyncIterator]();
	await reader.next();
	await settleWell();
	const seen = upload.progress();
	await settleWell();
	expect(upload.progress()).toBe(seen);
	await reader.next();
	await settleWell();
	expect(upload.progress()).toBeGreaterThan(seen);
	upload.close();
});

test('what waits in the stream is not handed over', async () => {
	const bytes = bytesOf(12 * CHUNK_BYTES);
	const open = async () => Readable.from(cut(bytes, [CHUNK_BYTES]), { objectMode: true });
	const body = jsonBody({}, { kind: 'stored', size: bytes.length, open, ownChunks: false });
	const upload = body.open();
	const reader = streamOf(upload)[Symbol.asyncIterator]();
	for (let left = body.length; left > 0; ) {
		await settleWell();
		expect(upload.handedOver()).toBe(false);
		left -= ((await reader.next()).value as Buffer).length;
	}
	expect(upload.handedOver()).toBe(true);
});

test('read to its end, the file is closed', async () => {
	const { state, video } = countedVideo();
	for await (const chunk of streamOf(jsonBody({}, video).open())) expect(chunk).toBeDefined();
	expect(state.streams.map(({ destroyed }) => destroyed)).toEqual([true]);
});

test('closed in the middle, the file is closed and nothing more is read', async () => {
	const { state, video } = countedVideo();
	const upload = jsonBody({}, video).open();
	const stream = streamOf(upload);
	await once(stream, 'readable');
	stream.read();
	await settleWell();
	upload.close();
	await settleWell();
	const { pulled } = state;
	expect(stream.destroyed).toBe(true);
	expect(state.streams.map(({ destroyed }) => destroyed)).toEqual([true]);
	await settleWell();
	expect(state.pulled).toBe(pulled);
	expect([upload.handedOver(), upload.unreadable()]).toEqual([false, undefined]);
});

test('closed twice, and after its end', async () => {
	const upload = jsonBody({}, { kind: 'base64', base64: 'AAAA' }).open();
	for await (const chunk of streamOf(upload)) expect(chunk).toBeDefined();
	upload.close();
	upload.close();
	expect(upload.handedOver()).toBe(true);
});
