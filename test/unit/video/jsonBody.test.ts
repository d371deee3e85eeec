/** The JSON body of a submit, with the video in it. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { RequestBody, Upload } from '../../../nodes/hidream/upload';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES } from '../../../nodes/video/source';
import type { Video } from '../../../nodes/video/source';
import { settle } from '../support/simulatedClock';
import { bytesOf, cut, drain, storedVideo, streamOf } from '../support/uploads';
import { strictDouble } from '../support/strictDouble';

describe('equals JSON.stringify byte for byte', () => {
	const FIELDS = { style: 'anime', prompt: 'soft light', request_id: 'r-1', notify_url: 'https://n.example/1' };

	const expected = (fields: object, bytes: Buffer): Buffer =>
		Buffer.from(JSON.stringify({ ...fields, video_name: bytes.toString('base64') }));

	async function sent(fields: Record<string, string | undefined>, bytes: Buffer, sizes: number[]) {
		const body = jsonBody(fields, storedVideo(cut(bytes, sizes), bytes.length));
		const upload = body.open();
		const { bytes: json, error } = await drain(upload);
		if (error) throw error;
		expect(upload.handedOver()).toBe(true);
		expect(upload.unreadable()).toBeUndefined();
		return { json, length: body.length };
	}

	describe.each([
		['byte by byte', [1]],
		['in pairs', [2]],
		['in fours', [4]],
		['in odd chunks', [1, 5, 2, 7, 3]],
		['in one chunk', []],
	])('for small videos, read %s', (_, sizes) => {
		test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('%i bytes', async (size) => {
			const bytes = bytesOf(size);
			const { json, length } = await sent(FIELDS, bytes, sizes);
			expect(json.toString()).toBe(expected(FIELDS, bytes).toString());
			expect(length).toBe(json.length);
		});
	});

	test('for a video without bytes', async () => {
		const { json, length } = await sent({ style: 'anime' }, Buffer.alloc(0), [1]);
		expect(json.toString()).toBe('{"style":"anime","video_name":""}');
		expect(length).toBe(json.length);
	});

	test.each([
		[3 * CHUNK_BYTES - 1, [65_536]],
		[3 * CHUNK_BYTES, [CHUNK_BYTES]],
		[3 * CHUNK_BYTES + 1, [CHUNK_BYTES]],
		[3 * CHUNK_BYTES - 1, [10_007, 1, 99_991, 2, 300_000]],
		[3 * CHUNK_BYTES + 1, [10_007, 1, 99_991, 2, 300_000]],
	])('for %i bytes in chunks of %j', async (size, sizes) => {
		const bytes = bytesOf(size);
		const { json, length } = await sent(FIELDS, bytes, sizes);
		expect(json.equals(expected(FIELDS, bytes))).toBe(true);
		expect(length).toBe(json.length);
	});

	test('with empty chunks', async () => {
		const bytes = bytesOf(7);
		const chunks = cut(bytes, [3]).flatMap((chunk) => [Buffer.alloc(0), chunk, Buffer.alloc(0)]);
		const video: Video = { kind: 'stored', size: 7, open: async () => Readable.from(chunks, { objectMode: true }), ownChunks: false };
		const { bytes: json } = await drain(jsonBody(FIELDS, video).open());
		expect(json.toString()).toBe(expected(FIELDS, bytes).toString());
	});

	const PROMPTS = [
		'"quotes" and \\backslashes\\ \\u0041',
		'lines\nand\r\nmore\tand \u0000\u0007\u001f\u007f',
		'emoji 🎬👨‍👩‍👧 and 水墨 and ü',
		'line separators \u2028 and \u2029, and a \ufeff',
		'half a pair \ud83c',
		'","video_name":"http://evil.example/"}',
		'</script>{{ $json }}',
		' spaces stay ',
	];

	test.each(PROMPTS)('for a stored video with the prompt %j', async (prompt) => {
		const bytes = bytesOf(5);
		const { json, length } = await sent({ prompt }, bytes, [2]);
		expect(json.equals(expected({ prompt }, bytes))).toBe(true);
		expect(length).toBe(json.length);
	});

	test.each(PROMPTS)('for a URL with the prompt %j', (prompt) => {
		const body = jsonBody({ prompt }, { kind: 'text', text: 'https://v.example/ü.mp4' });
		const { data } = body.open();
		expect(data).toBe(JSON.stringify({ prompt, video_name: 'https://v.example/ü.mp4' }));
		expect(body.length).toBe(Buffer.byteLength(String(data)));
	});

	test('without empty fields', async () => {
		const { json } = await sent({ style: undefined, prompt: '', request_id: 'r' }, bytesOf(3), [3]);
		expect(Object.keys(JSON.parse(json.toString()) as object)).toEqual(['request_id', 'video_name']);
		const none = jsonBody({}, { kind: 'text', text: 'https://v.example' }).open().data;
		expect(none).toBe('{"video_name":"https://v.example"}');
	});

	test.each([1, 2, 3, 4, 5, 3 * CHUNK_BYTES + 1])('for base64 in memory, of %i bytes', async (size) => {
		const bytes = bytesOf(size);
		const body = jsonBody(FIELDS, { kind: 'base64', base64: bytes.toString('base64') });
		const { bytes: json } = await drain(body.open());
		expect(json.equals(expected(FIELDS, bytes))).toBe(true);
		expect(body.length).toBe(json.length);
	});

	test('for each attempt', async () => {
		const bytes = bytesOf(10);
		const body = jsonBody(FIELDS, storedVideo(cut(bytes, [3]), bytes.length));
		const [first, second] = [await drain(body.open()), await drain(body.open())];
		expect(second.bytes.equals(first.bytes)).toBe(true);
		expect(first.bytes.length).toBe(body.length);
	});

	test('hands over a URL as soon as it is opened', () => {
		const upload = jsonBody(FIELDS, { kind: 'text', text: 'https://v.example' }).open();
		expect([upload.handedOver(), upload.unreadable(), upload.progress()]).toEqual([true, undefined, 0]);
		upload.close();
	});
});

describe('backpressure', () => {
	const CHUNKS = 5;

	/** A video that counts the chunks that were read, and keeps its streams. */
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

	test('reads the video as slowly as the body is read', async () => {
		const { state, video } = countedVideo();
		const upload = jsonBody({}, video).open();
		const reader = streamOf(upload)[Symbol.asyncIterator]();
		for (let read = 1; read < CHUNKS; read++) {
			await reader.next();
			await settleWell();
			expect(state.pulled).toBeGreaterThanOrEqual(read);
			expect(state.pulled).toBeLessThan(read + 3);
		}
		upload.close();
	});

	test('progress grows with each read, and the last byte is handed over last', async () => {
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

	test('progress stays the same while nothing is read', async () => {
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

	test('does not count bytes that are still in the stream as handed over', async () => {
		const bytes = bytesOf(CHUNKS * CHUNK_BYTES);
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

	test('closes the file at the end', async () => {
		const { state, video } = countedVideo();
		for await (const chunk of streamOf(jsonBody({}, video).open())) expect(chunk).toBeDefined();
		expect(state.streams.map(({ destroyed }) => destroyed)).toEqual([true]);
	});

	test('closes the file and reads nothing more if the upload is closed', async () => {
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

	test('can be closed twice, and after its end', async () => {
		const upload = jsonBody({}, { kind: 'base64', base64: 'AAAA' }).open();
		for await (const chunk of streamOf(upload)) expect(chunk).toBeDefined();
		upload.close();
		upload.close();
		expect(upload.handedOver()).toBe(true);
	});
});

describe('a video that cannot be read to its end leaves the JSON incomplete', () => {
	const FIELDS = { style: 'anime', request_id: 'r' };
	const isJson = (text: string): boolean => {
		try {
			JSON.parse(text);
			return true;
		} catch {
			return false;
		}
	};

	/** The upload fails with its reason, and the bytes sent are not valid JSON, also when cut at the Content-Length. */
	async function expectUnreadable(body: RequestBody, reason: RegExp): Promise<Upload> {
		const upload = body.open();
		const { bytes, error } = await drain(upload);
		expect(error).toBeInstanceOf(Error);
		expect(isJson(bytes.toString())).toBe(false);
		expect(isJson(bytes.subarray(0, body.length).toString())).toBe(false);
		expect(upload.handedOver()).toBe(false);
		expect(upload.unreadable()).toMatch(/could not be read/);
		expect(upload.unreadable()).toMatch(reason);
		return upload;
	}

	async function* failing(chunks: Buffer[], error: Error): AsyncGenerator<Buffer> {
		yield* chunks;
		throw error;
	}

	describe.each([1, 2, 3, 4, 5, 6, 7, 100_000, 500_000])('if n8n reports %i bytes', (size) => {
		test.each([-1, 1, 2, 3])('and there are %i more', async (difference) => {
			const bytes = bytesOf(size + difference);
			await expectUnreadable(jsonBody(FIELDS, storedVideo(cut(bytes, [65_536]), size)), /n8n reported/);
		});

		test('and there are none', async () => {
			await expectUnreadable(jsonBody(FIELDS, storedVideo([], size)), /0 bytes/);
		});
	});

	test.each([0, 1, 3, 100_000, 499_999])('if the store fails after %i bytes', async (read) => {
		const chunks = cut(bytesOf(read), [65_536]);
		const video = storedVideo(failing(chunks, new Error('EIO: disk on fire')), 500_000);
		await expectUnreadable(jsonBody(FIELDS, video), /disk on fire/);
	});

	test('if the store fails after the last byte', async () => {
		const video = storedVideo(failing([bytesOf(6)], new Error('EIO: disk on fire')), 6);
		await expectUnreadable(jsonBody(FIELDS, video), /disk on fire/);
	});

	test('if the file cannot be opened', async () => {
		const video = {
			...storedVideo([], 6),
			open: async () => {
				throw new Error('ENOENT: no such file');
			},
		};
		await expectUnreadable(jsonBody(FIELDS, video), /no such file/);
	});

	test('and does not affect the next attempt', async () => {
		let attempts = 0;
		const good = storedVideo([bytesOf(6)], 6);
		const bad = storedVideo(failing([bytesOf(3)], new Error('once')), 6);
		const video = { ...good, open: async () => await ((attempts += 1) === 1 ? open(bad) : open(good)) };
		const body = jsonBody(FIELDS, video);
		await expectUnreadable(body, /once/);
		const upload = body.open();
		expect((await drain(upload)).bytes).toHaveLength(body.length);
		expect(upload.unreadable()).toBeUndefined();
	});

	test('does not open the file of a body that is not read', () => {
		const upload = jsonBody(FIELDS, strictDouble<ReturnType<typeof storedVideo>>('video', { kind: 'stored', size: 6 })).open();
		expect([upload.handedOver(), upload.unreadable()]).toEqual([false, undefined]);
		upload.close();
	});

	async function open(video: ReturnType<typeof storedVideo>) {
		if (video.kind !== 'stored') throw new Error('It is no stored video');
		return await video.open();
	}
});
