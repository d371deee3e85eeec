/** Writing a body directly into the request, from a buffer that is reused when its bytes have been sent. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, pipeline, Readable, Transform, Writable } from 'node:stream';
import { pipeline as piped } from 'node:stream/promises';
import { IDLE_TIMEOUT_MS } from '../../../nodes/hidream/limits';
import { post } from '../../../nodes/hidream/submitTask';
import type { RequestBody } from '../../../nodes/hidream/upload';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES } from '../../../nodes/video/source';
import type { Video } from '../../../nodes/video/source';
import { connectionPair } from '../support/connectionPair';
import { tokenCredential } from '../support/credentials';
import { fakeConnection, clientError } from '../support/httpRequests';
import type { Reply } from '../support/httpRequests';
import { settle } from '../support/simulatedClock';
import { bytesOf, cut, storedVideo, streamOf } from '../support/uploads';

describe('one request', () => {
	const FIELDS = { style: 'anime' };
	const CHUNKS = 5;
	const expected = (bytes: Buffer): string => JSON.stringify({ ...FIELDS, video_name: bytes.toString('base64') });
	const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

	/** A server that handles each request with `take`. */
	const serverOf = (take: (message: IncomingMessage) => Promise<void>) =>
		createServer((message, response) => void take(message).then(() => response.end(), () => response.destroy()));

	const startRequest = (length: number, options: RequestOptions): ClientRequest =>
		httpRequest({ ...options, method: 'POST', headers: { 'content-length': length } });

	/** A request over a connection that buffers nothing. */
	function requestTo(take: (message: IncomingMessage) => Promise<void>, length: number): ClientRequest {
		const [client, accepted] = connectionPair();
		serverOf(take).emit('connection', accepted);
		return startRequest(length, { createConnection: () => client });
	}

	async function settleWell(): Promise<void> {
		for (let n = 0; n < 50; n++) await settle();
	}

	/** A video that counts the chunks that were read, and keeps its streams. */
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

	/** Like n8n's HTTP client, through a Transform that counts bytes. */
	const throughCounter: Connect = (body, request) => {
		const counter = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
		pipeline([body, counter], () => undefined);
		counter.on('error', (error) => request.destroy(error)).pipe(request);
	};

	describe.each<[string, Connect]>([
		['piped into a request', (body, request) => void body.pipe(request)],
		['piped through a counter', throughCounter],
	])('%s', (_way, connect) => {
		/** Sends a body to a slow reader, and returns the hash of what arrives. */
		async function hashOf(body: RequestBody): Promise<string> {
			const hash = createHash('sha256');
			const upload = body.open();
			const request = requestTo(async (message) => {
				for await (const chunk of message) {
					hash.update(chunk as Buffer);
					await settle();
				}
			}, body.length);
			connect(streamOf(upload), request);
			await once(request, 'response');
			expect([upload.handedOver(), upload.unreadable()]).toEqual([true, undefined]);
			upload.close();
			return hash.digest('hex');
		}

		describe.each([
			['full chunks', [CHUNK_BYTES]],
			['small chunks that are not a multiple of three', [1, 16_384, 7, 65_536]],
			['chunks larger than a piece', [2 * CHUNK_BYTES + 1]],
		])('read in %s', (_name, sizes) => {
			test.each([1, 2, 3, 4, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 4 * CHUNK_BYTES + 2])('sends %i bytes unchanged', async (size) => {
				const bytes = bytesOf(size);
				expect(await hashOf(jsonBody(FIELDS, storedVideo(cut(bytes, sizes), size)))).toBe(sha256(expected(bytes)));
			});
		});

		test('sends base64 from memory unchanged', async () => {
			const bytes = bytesOf(3 * CHUNK_BYTES + 1);
			expect(await hashOf(jsonBody(FIELDS, { kind: 'base64', base64: bytes.toString('base64') }))).toBe(sha256(expected(bytes)));
		});

		test('stops reading the file while the server reads nothing', async () => {
			const { video, seen } = watched(bytesOf(CHUNKS * CHUNK_BYTES), [CHUNK_BYTES]);
			const body = jsonBody(FIELDS, video);
			const upload = body.open();
			let continueReading: () => void = () => undefined;
			const waiting = new Promise<void>((resolve) => (continueReading = resolve));
			const request = requestTo(async (message) => {
				await waiting;
				for await (const chunk of message) expect(chunk).toBeDefined();
			}, body.length);
			connect(streamOf(upload), request);
			await settleWell();
			const [read, progress] = [seen.chunks, upload.progress()];
			expect(read).toBeGreaterThan(1);
			expect(read).toBeLessThan(CHUNKS);
			expect(read - progress).toBeLessThan(3);
			await settleWell();
			expect([seen.chunks, upload.progress(), upload.handedOver()]).toEqual([read, progress, false]);
			continueReading();
			await once(request, 'response');
			expect(seen.chunks).toBe(CHUNKS);
			expect(upload.progress()).toBeGreaterThan(CHUNKS);
		});

		async function isClosed({ streams }: { streams: Readable[] }): Promise<boolean> {
			await settleWell();
			return streams.length === 1 && streams.every(({ destroyed }) => destroyed);
		}

		test('closes the file if the connection breaks, and only the request reports the error', async () => {
			const { video, seen } = watched(bytesOf(CHUNKS * CHUNK_BYTES), [CHUNK_BYTES]);
			const body = jsonBody(FIELDS, video);
			const upload = body.open();
			const request = requestTo(async (message) => {
				await settleWell();
				message.destroy();
			}, body.length);
			const errors: string[] = [];
			streamOf(upload).on('error', ({ message }) => errors.push(message));
			connect(streamOf(upload), request);
			const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException];
			expect(error.code).toMatch(/ECONNRESET|EPIPE/);
			expect(await isClosed(seen)).toBe(true);
			expect(seen.chunks).toBeLessThan(CHUNKS);
			expect([upload.handedOver(), upload.unreadable(), errors]).toEqual([false, undefined, []]);
			upload.close();
		});

		test('closes the file if there is no connection', async () => {
			const { video, seen } = watched(bytesOf(2 * CHUNK_BYTES), [CHUNK_BYTES]);
			const upload = jsonBody(FIELDS, video).open();
			const request = httpRequest({ host: '127.0.0.1', port: 1, method: 'POST' });
			connect(streamOf(upload), request);
			await once(request, 'error');
			upload.close();
			await settleWell();
			expect(seen.streams.every(({ destroyed }) => destroyed)).toBe(true);
			expect(upload.handedOver()).toBe(false);
		});

		test('closes the file immediately if it is closed while a piece is being sent', async () => {
			const { video, seen } = watched(bytesOf(CHUNKS * CHUNK_BYTES), [CHUNK_BYTES]);
			const body = jsonBody(FIELDS, video);
			const upload = body.open();
			const request = requestTo(async () => await new Promise(() => undefined), body.length);
			request.on('error', () => undefined);
			connect(streamOf(upload), request);
			await settleWell();
			expect(seen.chunks).toBeGreaterThan(1);
			upload.close();
			expect(await isClosed(seen)).toBe(true);
			request.destroy();
		});

		test('breaks the request before its last byte if the file cannot be read to its end', async () => {
			const body = jsonBody(FIELDS, storedVideo([bytesOf(CHUNK_BYTES)], CHUNK_BYTES + 1));
			const upload = body.open();
			const request = requestTo(async (message) => {
				for await (const chunk of message) expect(chunk).toBeDefined();
			}, body.length);
			request.on('error', () => undefined);
			connect(streamOf(upload), request);
			const [{ message }] = (await once(streamOf(upload), 'error')) as [Error];
			expect(message).toMatch(/n8n reported/);
			expect(upload.handedOver()).toBe(false);
			request.destroy();
		});
	});

	test('sends a file over a real connection unchanged', async () => {
		const bytes = bytesOf(CHUNKS * CHUNK_BYTES);
		const body = jsonBody(FIELDS, storedVideo(cut(bytes, [CHUNK_BYTES]), bytes.length));
		const hash = createHash('sha256');
		const server = serverOf(async (message) => {
			for await (const chunk of message) hash.update(chunk as Buffer);
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const request = startRequest(body.length, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
		throughCounter(streamOf(body.open()), request);
		await once(request, 'response');
		expect(hash.digest('hex')).toBe(sha256(expected(bytes)));
		server.closeAllConnections();
		server.close();
	});

	test('yields pieces that any other reader can keep', async () => {
		const bytes = bytesOf(3 * CHUNK_BYTES);
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

	test('does not bypass a Transform that changes the bytes', async () => {
		class Reverser extends Transform {
			override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
				done(null, Buffer.from(chunk).reverse());
			}
		}
		const bytes = bytesOf(3 * CHUNK_BYTES);
		const body = jsonBody(FIELDS, storedVideo([bytes], bytes.length));
		let received = Buffer.alloc(0);
		const request = requestTo(async (message) => {
			for await (const chunk of message) received = Buffer.concat([received, chunk as Buffer]);
		}, body.length);
		streamOf(body.open()).pipe(new Reverser()).pipe(request);
		await once(request, 'response');
		expect(received).toHaveLength(body.length);
		const head = Buffer.from(expected(Buffer.alloc(0)).slice(0, -2)).reverse();
		expect(received.subarray(0, head.length).equals(head)).toBe(true);
	});

	describe('frees the memory of chunks', () => {
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

		/** Chunks with their own memory, as from a file. */
		const own = (bytes: Buffer): Buffer[] => cut(bytes, [CHUNK_BYTES]).map((chunk) => Buffer.from(Uint8Array.from(chunk).buffer));

		test.each([
			[true, 4],
			[false, 0],
		])('if it is their own: %s', async (ownChunks, count) => {
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

	const PIECES = 3;
	/** Shorter than the idle timeout, and longer for two pieces. */
	const MS_PER_PIECE = IDLE_TIMEOUT_MS - 10_000;

	/** Reads the body slowly, and responds at its end. */
	function slowService(taken: { bytes: number }): Reply {
		return async ({ options, signal }) => {
			for await (const chunk of streamOf({ data: options.body } as Parameters<typeof streamOf>[0])) {
				await new Promise((resolve) => setTimeout(resolve, MS_PER_PIECE));
				if (signal?.aborted) throw clientError('ERR_CANCELED');
				taken.bytes += (chunk as Buffer).length;
			}
			return { statusCode: 200, body: '"taken"' };
		};
	}

	test.each(['the store', 'memory'])('is no idle timeout for a video from %s', async (kind) => {
		const bytes = bytesOf(PIECES * CHUNK_BYTES);
		const stored = storedVideo(cut(bytes, [CHUNK_BYTES]), bytes.length);
		const body = jsonBody({}, kind === 'memory' ? { kind: 'base64', base64: bytes.toString('base64') } : stored);
		const taken = { bytes: 0 };
		const { connection } = fakeConnection(tokenCredential(), slowService(taken));
		const sending = post(connection, { url: 'https://api.hidream.test', body });
		let ended = false;
		void sending.then(() => (ended = true));
		// The body also has a head and a tail.
		for (let ms = 0; ms <= (PIECES + 3) * MS_PER_PIECE && !ended; ms += 1_000) {
			await settle();
			await jest.advanceTimersByTimeAsync(1_000);
		}
		expect(ended).toBe(true);
		expect(await sending).toHaveProperty('json', 'taken');
		expect(taken.bytes).toBe(body.length);
	});
});
