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

describe('byte for byte what JSON.stringify makes', () => {
	const FIELDS = { style: 'anime', prompt: 'soft light', request_id: 'r-1', notify_url: 'https://n.example/1' };
	const MEBI = 1024 * 1024;

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
		['in odd pieces', [1, 5, 2, 7, 3]],
		['in one piece', []],
	])('small videos, read %s', (_, sizes) => {
		test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('%i bytes', async (size) => {
			const bytes = bytesOf(size);
			const { json, length } = await sent(FIELDS, bytes, sizes);
			expect(json.toString()).toBe(expected(FIELDS, bytes).toString());
			expect(length).toBe(json.length);
		});
	});

	test('no bytes at all', async () => {
		const { json, length } = await sent({ style: 'anime' }, Buffer.alloc(0), [1]);
		expect(json.toString()).toBe('{"style":"anime","video_name":""}');
		expect(length).toBe(json.length);
	});

	test.each([
		[3 * MEBI - 1, [65_536]],
		[3 * MEBI, [192 * 1024]],
		[3 * MEBI + 1, [192 * 1024]],
		[3 * MEBI - 1, [10_007, 1, 99_991, 2, 500_000]],
		[3 * MEBI + 1, [10_007, 1, 99_991, 2, 500_000]],
	])('%i bytes in chunks of %j', async (size, sizes) => {
		const bytes = bytesOf(size);
		const { json, length } = await sent(FIELDS, bytes, sizes);
		expect(json.equals(expected(FIELDS, bytes))).toBe(true);
		expect(length).toBe(json.length);
	});

	test('empty chunks in between', async () => {
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

	test.each(PROMPTS)('a prompt arrives as typed, beside a stored video: %j', async (prompt) => {
		const bytes = bytesOf(5);
		const { json, length } = await sent({ prompt }, bytes, [2]);
		expect(json.equals(expected({ prompt }, bytes))).toBe(true);
		expect(length).toBe(json.length);
	});

	test.each(PROMPTS)('a prompt arrives as typed, beside a URL: %j', (prompt) => {
		const body = jsonBody({ prompt }, { kind: 'text', text: 'https://v.example/ü.mp4' });
		const { data } = body.open();
		expect(data).toBe(JSON.stringify({ prompt, video_name: 'https://v.example/ü.mp4' }));
		expect(body.length).toBe(Buffer.byteLength(String(data)));
	});

	test('fields that are empty are left out', async () => {
		const { json } = await sent({ style: undefined, prompt: '', request_id: 'r' }, bytesOf(3), [3]);
		expect(Object.keys(JSON.parse(json.toString()) as object)).toEqual(['request_id', 'video_name']);
		const none = jsonBody({}, { kind: 'text', text: 'https://v.example' }).open().data;
		expect(none).toBe('{"video_name":"https://v.example"}');
	});

	test.each([1, 2, 3, 4, 5, 3 * MEBI + 1])('base64 that n8n holds already, of %i bytes', async (size) => {
		const bytes = bytesOf(size);
		const body = jsonBody(FIELDS, { kind: 'base64', base64: bytes.toString('base64') });
		const { bytes: json } = await drain(body.open());
		expect(json.equals(expected(FIELDS, bytes))).toBe(true);
		expect(body.length).toBe(json.length);
	});

	test('a body is opened anew for each try', async () => {
		const bytes = bytesOf(10);
		const body = jsonBody(FIELDS, storedVideo(cut(bytes, [3]), bytes.length));
		const [first, second] = [await drain(body.open()), await drain(body.open())];
		expect(second.bytes.equals(first.bytes)).toBe(true);
		expect(first.bytes.length).toBe(body.length);
	});

	test('a URL is sent in one go: once it is on its way, HiDream may have all of it', () => {
		const upload = jsonBody(FIELDS, { kind: 'text', text: 'https://v.example' }).open();
		expect([upload.handedOver(), upload.unreadable(), upload.progress()]).toEqual([true, undefined, 0]);
		upload.close();
	});
});

describe('backpressure: read no faster than it is sent', () => {
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
});

describe('a video that cannot be read to its end never completes the JSON', () => {
	const FIELDS = { style: 'anime', request_id: 'r' };
	const isJson = (text: string): boolean => {
		try {
			JSON.parse(text);
			return true;
		} catch {
			return false;
		}
	};

	/** The upload broke off, says why, and what went out is no JSON, neither whole nor cut at its Content-Length. */
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

	describe.each([1, 2, 3, 4, 5, 6, 7, 100_000, 1_000_000])('n8n said %i bytes', (size) => {
		test.each([-1, 1, 2, 3])('but they are %i more', async (difference) => {
			const bytes = bytesOf(size + difference);
			await expectUnreadable(jsonBody(FIELDS, storedVideo(cut(bytes, [65_536]), size)), /n8n said/);
		});

		test('but there are none', async () => {
			await expectUnreadable(jsonBody(FIELDS, storedVideo([], size)), /0 bytes/);
		});
	});

	test.each([0, 1, 3, 100_000, 999_999])('the store fails after %i bytes', async (read) => {
		const chunks = cut(bytesOf(read), [65_536]);
		const video = storedVideo(failing(chunks, new Error('EIO: disk on fire')), 1_000_000);
		await expectUnreadable(jsonBody(FIELDS, video), /disk on fire/);
	});

	test('the store fails after the last byte', async () => {
		const video = storedVideo(failing([bytesOf(6)], new Error('EIO: disk on fire')), 6);
		await expectUnreadable(jsonBody(FIELDS, video), /disk on fire/);
	});

	test('the file cannot be opened', async () => {
		const video = {
			...storedVideo([], 6),
			open: async () => {
				throw new Error('ENOENT: no such file');
			},
		};
		await expectUnreadable(jsonBody(FIELDS, video), /no such file/);
	});

	test('a try that failed does not spoil the next one', async () => {
		let tries = 0;
		const good = storedVideo([bytesOf(6)], 6);
		const bad = storedVideo(failing([bytesOf(3)], new Error('once')), 6);
		const video = { ...good, open: async () => await ((tries += 1) === 1 ? open(bad) : open(good)) };
		const body = jsonBody(FIELDS, video);
		await expectUnreadable(body, /once/);
		const upload = body.open();
		expect((await drain(upload)).bytes).toHaveLength(body.length);
		expect(upload.unreadable()).toBeUndefined();
	});

	test('a body that is never read does not open the file', () => {
		const upload = jsonBody(FIELDS, strictDouble<ReturnType<typeof storedVideo>>('video', { kind: 'stored', size: 6 })).open();
		expect([upload.handedOver(), upload.unreadable()]).toEqual([false, undefined]);
		upload.close();
	});

	async function open(video: ReturnType<typeof storedVideo>) {
		if (video.kind !== 'stored') throw new Error('It is no stored video');
		return await video.open();
	}
});
