import { connect } from 'node:net';
import { open, SUBMIT, until, VIDEO_URL, type Bench } from './support';

let bench: Bench;
beforeEach(async () => (bench = await open({ bodies: 'count' })));
afterEach(async () => await bench.close());

/** Sends a submit with this length over a connection of its own; nothing stands between the test and the bytes. */
function raw(length: number, body: string) {
	const { hostname, port } = new URL(bench.sandbox.url);
	const socket = connect(Number(port), hostname).on('error', () => undefined);
	let answer = '';
	socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
	socket.write(
		`POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bench.sandbox.accessToken}\r\n` +
			`Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`,
	);
	return { socket, answer: () => answer };
}

test.each([0, 1, 65_536, 3 * 1024 * 1024 + 1])('accepts %d bytes of anything, counted', async (size) => {
	const headers = { authorization: `Bearer ${bench.sandbox.accessToken}`, 'content-type': 'application/json' };
	const reply = await bench.send(SUBMIT, { method: 'POST', headers, body: Buffer.alloc(size, '*') });
	expect(reply.json()).toMatchObject({ code: 0, result: { task_id: bench.sandbox.tasks[0]?.taskId } });
	expect(bench.sandbox.tasks).toMatchObject([{ video: { kind: 'counted', bytes: size }, style: null, requestId: null }]);
	expect(bench.sandbox.requests).toMatchObject([{ bodyBytes: size, completed: true, status: 200 }]);
});

test('a counted task ends with a video as every other', async () => {
	const taskId = await bench.task();
	const [result] = await bench.results(taskId);
	expect(result?.task_status).toBe(1);
	expect((await fetch(result?.video ?? '')).status).toBe(200);
});

test('headers, limits and the token are checked all the same', async () => {
	expect((await bench.submit({}, { authorization: 'Bearer nobody' })).status).toBe(401);
	expect((await bench.submit({}, { 'content-type': 'text/plain' })).status).toBe(400);
	await bench.close();
	bench = await open({ bodies: 'count', tasksPerMinute: 1, maxBodyBytes: 100 });
	expect((await bench.submit({ prompt: 'x'.repeat(100) })).status).toBe(413);
	expect((await bench.submit({})).status).toBe(200);
	expect((await bench.submit({})).status).toBe(429);
});

test('a body that breaks off makes no task', async () => {
	const { socket } = raw(1000, '{"style":"anime",');
	await until(() => (bench.sandbox.requests[0]?.bodyBytes ?? 0) > 0);
	socket.destroy();
	await bench.task();
	expect(bench.sandbox.requests[0]).toMatchObject({ completed: false, status: null });
	expect(bench.sandbox.tasks).toHaveLength(1);
});

test('bytes after the length are a bad request, and not part of the video', async () => {
	const { socket, answer } = raw(2, '{}{"style":"anime"}');
	await until(() => socket.closed || answer().includes('400 Bad Request'));
	socket.destroy();
	expect(answer()).toContain('400 Bad Request');
	expect(bench.sandbox.tasks.filter(({ video }) => video.kind !== 'counted' || video.bytes !== 2)).toEqual([]);
});

test('a slow line is slow here too', async () => {
	bench.sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 1000 } });
	const started = Date.now();
	await bench.submit({ prompt: 'x'.repeat(300) });
	expect(Date.now() - started).toBeGreaterThan(200);
	expect(bench.sandbox.tasks).toHaveLength(1);
});

test('counts requests by endpoint, tasks and video bytes', async () => {
	const counts = async () => JSON.parse((await bench.send('/_sandbox/counts')).text) as unknown;
	const none = { submit: 0, result: 0, batch: 0, exchange: 0, video: 0, other: 0 };
	expect(await counts()).toEqual({ requests: none, tasks: { accepted: 0, ended: 0, bytes: 0 } });
	const taskId = await bench.task({ video_name: VIDEO_URL });
	await bench.results(taskId);
	await bench.results(taskId);
	await bench.send('/nowhere');
	const bytes = bench.sandbox.requests[0]?.bodyBytes ?? 0;
	expect(bytes).toBeGreaterThan(0);
	expect(await counts()).toEqual({ requests: { ...none, submit: 1, result: 2, other: 1 }, tasks: { accepted: 1, ended: 1, bytes } });
});
