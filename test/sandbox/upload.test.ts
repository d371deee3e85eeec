/** Uploads: decoded, or only counted. */
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { untilTrue } from '../support/untilTrue';
import { piecesOf, startServer, pieces, SUBMIT, SUBMITTED_URL } from './support';
import type { TestClient } from './support';

let client: TestClient;

describe('decoded', () => {
	beforeEach(async () => (client = await startServer()));
	afterEach(async () => await client.close());

	async function upload(video: Buffer, sizes: number[]): Promise<void> {
		const text = `{"style":"anime","video_name":"${video.toString('base64')}","prompt":"\\u732b 🐈"}`;
		const { body, length } = pieces(piecesOf(Buffer.from(text), sizes));
		const headers = {
			authorization: `Bearer ${client.sandbox.accessToken}`,
			'content-type': 'application/json',
			'content-length': String(length),
		};
		const reply = await client.send(SUBMIT, { method: 'POST', headers, body });
		expect(reply.json().code).toBe(0);
		expect(client.sandbox.tasks.at(-1)).toMatchObject({
			prompt: '猫 🐈',
			video: { kind: 'base64', bytes: video.length, sha256: createHash('sha256').update(video).digest('hex') },
		});
		expect(client.sandbox.requests.at(-1)).toMatchObject({ bodyBytes: length, completed: true });
	}

	test.each([1, 2, 3, 4, 5, 6, 7, 255, 256, 257, 49_151, 49_152, 49_153])('decodes %d bytes', async (size) => {
		await upload(randomBytes(size), [64 * 1024]);
	});

	test('decodes a few bytes that arrive one by one', async () => {
		await upload(randomBytes(100), [1]);
	});

	test.each([[[1021, 65_537, 3, 99_991]], [[262_144]], [[7919]]])('decodes 3 MiB in pieces of %j', async (sizes) => {
		await upload(randomBytes(3 * 1024 * 1024 + 1), sizes);
	});

	test('accepts base64 with escaped slashes', async () => {
		const video = Buffer.from('ffffffff', 'hex');
		const body = `{"style":"anime","video_name":"${video.toString('base64').replaceAll('/', '\\/')}"}`;
		const headers = { authorization: `Bearer ${client.sandbox.accessToken}`, 'content-type': 'application/json' };
		expect((await client.send(SUBMIT, { method: 'POST', headers, body })).json().code).toBe(0);
		expect(client.sandbox.tasks[0]?.video).toMatchObject({ kind: 'base64', bytes: 4 });
	});

	test('finds one wrong character in megabytes, and reads to the end', async () => {
		const video = randomBytes(1024 * 1024).toString('base64');
		const reply = await client.submit({ style: 'anime', video_name: `${video.slice(0, 700_000)}*${video.slice(700_001)}` });
		expect(reply.json().code).not.toBe(0);
		expect(client.sandbox.requests[0]?.completed).toBe(true);
		expect(client.sandbox.tasks).toHaveLength(0);
	});

	test('detects a client that disconnects, and creates no task', async () => {
		const { hostname, port } = new URL(client.sandbox.url);
		const socket = connect(Number(port), hostname);
		socket.write(
			`POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.sandbox.accessToken}\r\n` +
				'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"style":"anime",',
		);
		await untilTrue(() => (client.sandbox.requests[0]?.bodyBytes ?? 0) > 0);
		socket.destroy();
		expect((await client.submit({ style: 'anime', video_name: 'QUJD' })).json().code).toBe(0);
		expect(client.sandbox.requests[0]).toMatchObject({ completed: false, status: null, respondedAt: null });
		expect(client.sandbox.tasks).toHaveLength(1);
	});
});

describe('counted', () => {
	beforeEach(async () => (client = await startServer({ bodies: 'count' })));
	afterEach(async () => await client.close());

	/** Submits with this Content-Length over a raw connection. */
	function raw(length: number, body: string) {
		const { hostname, port } = new URL(client.sandbox.url);
		const socket = connect(Number(port), hostname).on('error', () => undefined);
		let response = '';
		socket.on('data', (chunk: Buffer) => (response += chunk.toString()));
		socket.write(
			`POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.sandbox.accessToken}\r\n` +
				`Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
		);
		return { socket, answer: () => response };
	}

	test.each([0, 1, 65_536, 3 * 1024 * 1024 + 1])('accepts %d bytes of anything, counted', async (size) => {
		const headers = { authorization: `Bearer ${client.sandbox.accessToken}`, 'content-type': 'application/json' };
		const reply = await client.send(SUBMIT, { method: 'POST', headers, body: Buffer.alloc(size, '*') });
		expect(reply.json()).toMatchObject({ code: 0, result: { task_id: client.sandbox.tasks[0]?.taskId } });
		expect(client.sandbox.tasks).toMatchObject([{ video: { kind: 'counted', bytes: size }, style: null, requestId: null }]);
		expect(client.sandbox.requests).toMatchObject([{ bodyBytes: size, completed: true, status: 200 }]);
	});

	test('a counted task ends with a video like any other', async () => {
		const taskId = await client.task();
		const [result] = await client.results(taskId);
		expect(result?.task_status).toBe(1);
		expect((await fetch(result?.video ?? '')).status).toBe(200);
	});

	test('validates headers, limits and the token, too', async () => {
		expect((await client.submit({}, { authorization: 'Bearer nobody' })).status).toBe(401);
		expect((await client.submit({}, { 'content-type': 'text/plain' })).status).toBe(400);
		await client.close();
		client = await startServer({ bodies: 'count', tasksPerMinute: 1, maxBodyBytes: 100 });
		expect((await client.submit({ prompt: 'x'.repeat(100) })).status).toBe(413);
		expect((await client.submit({})).status).toBe(200);
		expect((await client.submit({})).status).toBe(429);
	});

	test('an incomplete body creates no task', async () => {
		const { socket } = raw(1000, '{"style":"anime",');
		await untilTrue(() => (client.sandbox.requests[0]?.bodyBytes ?? 0) > 0);
		socket.destroy();
		await client.task();
		expect(client.sandbox.requests[0]).toMatchObject({ completed: false, status: null });
		expect(client.sandbox.tasks).toHaveLength(1);
	});

	test('bytes after the Content-Length are a bad request, and not part of the video', async () => {
		const { socket, answer } = raw(2, '{}{"style":"anime"}');
		await untilTrue(() => socket.closed || answer().includes('400 Bad Request'));
		socket.destroy();
		expect(answer()).toContain('400 Bad Request');
		expect(client.sandbox.tasks.filter(({ video }) => video.kind !== 'counted' || video.bytes !== 2)).toEqual([]);
	});

	test('a slow connection is slow here, too', async () => {
		client.sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 1000 } });
		const started = Date.now();
		await client.submit({ prompt: 'x'.repeat(300) });
		expect(Date.now() - started).toBeGreaterThan(200);
		expect(client.sandbox.tasks).toHaveLength(1);
	});

	test('counts requests by endpoint, tasks and video bytes', async () => {
		const counts = async () => JSON.parse((await client.send('/_sandbox/counts')).text) as unknown;
		const none = { submit: 0, result: 0, batch: 0, exchange: 0, video: 0, other: 0 };
		expect(await counts()).toEqual({ requests: none, tasks: { accepted: 0, ended: 0, bytes: 0 } });
		const taskId = await client.task({ video_name: SUBMITTED_URL });
		await client.results(taskId);
		await client.results(taskId);
		await client.send('/nowhere');
		const bytes = client.sandbox.requests[0]?.bodyBytes ?? 0;
		expect(bytes).toBeGreaterThan(0);
		expect(await counts()).toEqual({ requests: { ...none, submit: 1, result: 2, other: 1 }, tasks: { accepted: 1, ended: 1, bytes } });
	});
});
