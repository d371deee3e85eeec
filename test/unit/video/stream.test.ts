/** Writes a body into the request from a buffer that is reused once its bytes are sent. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, pipeline, Readable, Transform, Writable } from 'node:stream';
import { pipeline as piped } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MIN_UPLOAD_BYTES_PER_SECOND } from '../../../nodes/hidream/limits';
import { post } from '../../../nodes/hidream/submitTask';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES } from '../../../nodes/video/source';
import type { Video } from '../../../nodes/video/source';
import { tokenCredential } from '../support/credentials';
import { fakeConnection, clientError } from '../support/httpRequests';
import type { Reply } from '../support/httpRequests';
import { settle } from '../support/simulatedClock';
import { bytesOf, cut, storedVideo, streamOf } from '../support/uploads';

describe('one request', () => {
	const FIELDS = { style: 'anime' };
	const expected = (bytes: Buffer): string => JSON.stringify({ ...FIELDS, video_name: bytes.toString('base64') });
	const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

	let server: Server | undefined;
	afterEach(async () => {
		server?.closeAllConnections();
		await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
		server = undefined;
	});

	/** A service that does with a request what it is told, and the request to it. */
	async function requestTo(take: (message: IncomingMessage) => Promise<void>, length: number): Promise<ClientRequest> {
		server = createServer((message, answer) => void take(message).then(() => answer.end(), () => answer.destroy()));
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		return httpRequest({ host: '127.0.0.1', port, method: 'POST', headers: { 'content-length': length } });
	}

	/** A video of `bytes` that tells which of its chunks have been asked for, and whether it is closed. */
	function watched(bytes: Buffer, sizes: number[]): { video: Exclude<Video, { kind: 'text' }>; seen: { chunks: number; streams: Readable[] } } {
		const seen = { chunks: 0, streams: [] as Readable[] };
		async function* chunks() {
			for (const chunk of cut(bytes, sizes)) {
				seen.chunks += 1;
				yield chunk;
			}
		}
		const open = async () => {
			const stream = Readable.from(chunks(), { objectMode: false, highWaterMark: CHUNK_BYTES });
			seen.streams.push(stream);
			return stream;
		};
		return { video: { kind: 'stored', size: bytes.length, open, ownChunks: false }, seen };
	}

	type Connect = (body: Readable, request: ClientRequest) => void;

	/** As n8n's HTTP client does it: something that only counts stands between. */
	const throughCounter: Connect = (body, request) => {
		const counter = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
		pipeline([body, counter], () => undefined);
		counter.on('error', (error) => request.destroy(error)).pipe(request);
	};

	describe.each<[string, Connect]>([
		['piped into the request', (body, request) => void body.pipe(request)],
		['piped through what counts', throughCounter],
	])('%s', (_way, connect) => {
		describe.each([
			['chunks as asked for', [CHUNK_BYTES]],
			['small chunks of no multiple of three', [1, 16_384, 7, 65_536]],
			['chunks larger than a piece', [5 * CHUNK_BYTES + 1]],
		])('%s', (_name, sizes) => {
			test.each([1, 2, 3, 4, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 40 * CHUNK_BYTES + 2])('%i bytes arrive as they are, however slowly they are taken', async (size) => {
				const bytes = bytesOf(size);
				const body = jsonBody(FIELDS, storedVideo(cut(bytes, sizes), size));
				const upload = body.open();
				const hash = createHash('sha256');
				let taken = 0;
				const request = await requestTo(async (message) => {
					for await (const chunk of message) {
						hash.update(chunk as Buffer);
						if ((taken += 1) % 20 === 0) await sleep(2);
					}
				}, body.length);
				connect(streamOf(upload), request);
				await once(request, 'response');
				expect(hash.digest('hex')).toBe(sha256(expected(bytes)));
				expect([upload.handedOver(), upload.unreadable()]).toEqual([true, undefined]);
				upload.close();
			});
		});

		test('base64 in memory arrives as it is', async () => {
			const bytes = bytesOf(10 * CHUNK_BYTES + 1);
			const body = jsonBody(FIELDS, { kind: 'base64', base64: bytes.toString('base64') });
			const hash = createHash('sha256');
			const request = await requestTo(async (message) => {
				for await (const chunk of message) hash.update(chunk as Buffer);
			}, body.length);
			connect(streamOf(body.open()), request);
			await once(request, 'response');
			expect(hash.digest('hex')).toBe(sha256(expected(bytes)));
		});

		test('a service that reads nothing makes the file be read no further, nor the last byte be handed over', async () => {
			const { video, seen } = watched(bytesOf(300 * CHUNK_BYTES), [CHUNK_BYTES]);
			const body = jsonBody(FIELDS, video);
			const upload = body.open();
			let goOn: () => void = () => undefined;
			const waiting = new Promise<void>((resolve) => (goOn = resolve));
			const request = await requestTo(async (message) => {
				await waiting;
				for await (const chunk of message) expect(chunk).toBeDefined();
			}, body.length);
			connect(streamOf(upload), request);
			while (seen.chunks < 3) await sleep(5);
			let before = -1;
			while (before !== seen.chunks) {
				before = seen.chunks;
				await sleep(200);
			}
			const [stuck, progress] = [seen.chunks, upload.progress()];
			expect(stuck).toBeGreaterThan(2);
			expect(stuck).toBeLessThan(150);
			expect(upload.handedOver()).toBe(false);
			expect(stuck - progress).toBeLessThan(5);
			goOn();
			await once(request, 'response');
			expect(seen.chunks).toBe(300);
			expect(upload.progress()).toBeGreaterThan(300);
		});

		/** Whether the file behind an upload is let go of within a second. */
		async function isClosed({ streams }: { streams: Readable[] }): Promise<boolean> {
			for (let n = 0; n < 100 && !streams.every(({ destroyed }) => destroyed); n++) await sleep(10);
			return streams.length === 1 && streams.every(({ destroyed }) => destroyed);
		}

		test('a connection that breaks under the upload ends the reading, and is told by the request alone', async () => {
			const { video, seen } = watched(bytesOf(300 * CHUNK_BYTES), [CHUNK_BYTES]);
			const body = jsonBody(FIELDS, video);
			const upload = body.open();
			const request = await requestTo(async (message) => void message.destroy(), body.length);
			const errors: string[] = [];
			streamOf(upload).on('error', ({ message }) => errors.push(message));
			connect(streamOf(upload), request);
			const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException];
			expect(error.code).toMatch(/ECONNRESET|EPIPE/);
			expect(await isClosed(seen)).toBe(true);
			expect(seen.chunks).toBeLessThan(300);
			expect([upload.handedOver(), upload.unreadable(), errors]).toEqual([false, undefined, []]);
			upload.close();
		});

		test('no connection at all: the file is let go of, and nothing has been handed over', async () => {
			const { video, seen } = watched(bytesOf(10 * CHUNK_BYTES), [CHUNK_BYTES]);
			const upload = jsonBody(FIELDS, video).open();
			const request = httpRequest({ host: '127.0.0.1', port: 1, method: 'POST' });
			connect(streamOf(upload), request);
			await once(request, 'error');
			upload.close();
			await sleep(50);
			expect(seen.streams.every(({ destroyed }) => destroyed)).toBe(true);
			expect(upload.handedOver()).toBe(false);
		});

		test('closed while a piece is on its way: the file is let go of at once', async () => {
			const { video, seen } = watched(bytesOf(300 * CHUNK_BYTES), [CHUNK_BYTES]);
			const body = jsonBody(FIELDS, video);
			const upload = body.open();
			const request = await requestTo(async () => await new Promise(() => undefined), body.length);
			request.on('error', () => undefined);
			connect(streamOf(upload), request);
			while (seen.chunks < 3) await sleep(5);
			await sleep(300);
			upload.close();
			expect(await isClosed(seen)).toBe(true);
			request.destroy();
		});

		test('a file that cannot be read to its end breaks the request off before its last byte', async () => {
			const body = jsonBody(FIELDS, storedVideo([bytesOf(CHUNK_BYTES)], CHUNK_BYTES + 1));
			const upload = body.open();
			const request = await requestTo(async (message) => {
				for await (const chunk of message) expect(chunk).toBeDefined();
			}, body.length);
			request.on('error', () => undefined);
			connect(streamOf(upload), request);
			const [{ message }] = (await once(streamOf(upload), 'error')) as [Error];
			expect(message).toMatch(/n8n said/);
			expect(upload.handedOver()).toBe(false);
			request.destroy();
		});

	});

	test('what is no request gets pieces that it may keep', async () => {
		const bytes = bytesOf(10 * CHUNK_BYTES);
		const kept: Buffer[] = [];
		const keeper = new Writable({
			objectMode: true,
			write: (piece: Buffer, _encoding, done) => {
				kept.push(piece);
				done();
			},
		});
		await piped(streamOf(jsonBody(FIELDS, storedVideo(cut(bytes, [CHUNK_BYTES]), bytes.length)).open()), new PassThrough({ objectMode: true }), keeper);
		expect(sha256(Buffer.concat(kept))).toBe(sha256(expected(bytes)));
	});

	test('what changes bytes on their way is not passed by', async () => {
		class Reverser extends Transform {
			override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
				done(null, Buffer.from(chunk).reverse());
			}
		}
		const bytes = bytesOf(3 * CHUNK_BYTES);
		const body = jsonBody(FIELDS, storedVideo([bytes], bytes.length));
		let received = Buffer.alloc(0);
		const request = await requestTo(async (message) => {
			for await (const chunk of message) received = Buffer.concat([received, chunk as Buffer]);
		}, body.length);
		streamOf(body.open()).pipe(new Reverser()).pipe(request);
		await once(request, 'response');
		expect(received).toHaveLength(body.length);
		const head = Buffer.from(expected(Buffer.alloc(0)).slice(0, -2)).reverse();
		expect(received.subarray(0, head.length).equals(head)).toBe(true);
	});

	describe('the memory of chunks', () => {
		const freed: ArrayBuffer[] = [];
		const before = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'transfer');
		beforeEach(() => {
			freed.length = 0;
			Object.defineProperty(ArrayBuffer.prototype, 'transfer', {
				configurable: true,
				value(this: ArrayBuffer, length: number) {
					expect(length).toBe(0);
					freed.push(this);
				},
			});
		});
		afterEach(() => {
			Reflect.deleteProperty(ArrayBuffer.prototype, 'transfer');
			if (before) Object.defineProperty(ArrayBuffer.prototype, 'transfer', before);
		});

		/** Chunks with memory of their own, as a file gives them. */
		const own = (bytes: Buffer): Buffer[] => cut(bytes, [CHUNK_BYTES]).map((chunk) => Buffer.from(Uint8Array.from(chunk).buffer));

		test.each([
			[true, 4],
			[false, 0],
		])('given back when they are own ones: %s', async (ownChunks, count) => {
			const bytes = bytesOf(4 * CHUNK_BYTES);
			const chunks = own(bytes);
			const open = async () => Readable.from(chunks, { objectMode: true });
			const pieces: Buffer[] = [];
			for await (const piece of streamOf(jsonBody(FIELDS, { kind: 'stored', size: bytes.length, open, ownChunks }).open())) pieces.push(piece as Buffer);
			expect(Buffer.concat(pieces).toString()).toBe(expected(bytes));
			expect(freed).toHaveLength(count);
			expect(freed).toEqual(chunks.slice(0, count).map(({ buffer }) => buffer));
		});
	});
});

describe('a very slow connection', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
	afterEach(() => jest.useRealTimers());

	const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

	/** Takes the body at the speed of the line, answers at its end, and tells how much it has. */
	function slowService(taken: { bytes: number }): Reply {
		return async ({ options, signal }) => {
			const cut = () => {
				if (signal?.aborted) throw clientError('ERR_CANCELED');
			};
			for await (const chunk of streamOf({ data: options.body } as Parameters<typeof streamOf>[0])) {
				const { length } = chunk as Buffer;
				await pause((length / MIN_UPLOAD_BYTES_PER_SECOND) * 1_000);
				cut();
				taken.bytes += length;
			}
			return { statusCode: 200, body: '"taken"' };
		};
	}

	test.each([
		['from the store', 40],
		['from memory', 40],
		['shorter than what is read ahead', 12],
	])('%s, %i pieces', async (kind, pieces) => {
		const bytes = bytesOf(pieces * CHUNK_BYTES);
		const stored = storedVideo(cut(bytes, [CHUNK_BYTES]), bytes.length);
		const body = jsonBody({}, kind === 'from memory' ? { kind: 'base64', base64: bytes.toString('base64') } : stored);
		const taken = { bytes: 0 };
		const { connection } = fakeConnection(tokenCredential(), slowService(taken));
		const sending = post(connection, { url: 'https://api.hidream.test', body });
		let ended = false;
		void sending.then(() => (ended = true));
		const longest = (2 * body.length) / MIN_UPLOAD_BYTES_PER_SECOND + 300;
		for (let second = 0; second < longest && !ended; second++) {
			await settle();
			await jest.advanceTimersByTimeAsync(1_000);
		}
		expect(ended).toBe(true);
		expect(await sending).toHaveProperty('json', 'taken');
		expect(taken.bytes).toBe(body.length);
	});
});
