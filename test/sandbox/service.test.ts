import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { connect } from 'node:net';
import { untilTrue } from '../support/untilTrue';
import { listener, startServer, SUBMIT, SUBMITTED_URL, type TestClient } from './support';

let client: TestClient;
let lines: string[];
beforeEach(async () => {
	lines = [];
	client = await startServer({ logger: (line) => lines.push(line), taskSeconds: 1000 });
});
afterEach(async () => await client.close());

const good = { video_name: SUBMITTED_URL, style: 'anime' };
const steer = async (method: 'GET' | 'POST' | 'DELETE', what: string, body?: object) =>
	await client.send(`/_sandbox/${what}`, {
		method,
		...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});

test('close() ends pending responses, incomplete uploads, idle connections, pending callbacks and timers', async () => {
	const hook = await listener(() => undefined);
	client.sandbox.faults.add({ on: 'submit', fault: { type: 'silence' } });
	client.sandbox.faults.add({ on: 'submit', fault: { type: 'slow', delayMs: 10_000_000 } });
	const hanging = [client.submit(good), client.submit(good)].map(async (reply) => await reply.then(() => 'answered', () => 'broken'));
	const { hostname, port } = new URL(client.sandbox.url);
	const half = connect(Number(port), hostname).on('error', () => undefined);
	half.write(`POST ${SUBMIT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.sandbox.accessToken}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`);
	const idle = connect(Number(port), hostname).on('error', () => undefined);
	await untilTrue(() => client.sandbox.requests.length === 3 && (client.sandbox.requests[2]?.bodyBytes ?? 0) > 0);
	const taskId = await client.task({ notify_url: hook.url });
	client.sandbox.settle(taskId, 'succeeded');
	const closed = [half, idle].map(async (socket) => await once(socket.resume(), 'close'));

	await client.sandbox.close();
	await client.sandbox.close();

	expect(await Promise.all(hanging)).toEqual(['broken', 'broken']);
	await Promise.all(closed);
	await expect(client.submit(good)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	await hook.close();
});

test('another process can read and change the state', async () => {
	await steer('POST', 'faults', { on: 'submit', times: null, fault: { type: 'status', status: 500 } });
	expect([(await client.submit(good)).status, (await client.submit(good)).status]).toEqual([500, 500]);
	await steer('DELETE', 'faults');
	const taskId = await client.task();
	expect((await steer('POST', 'settle', { taskId, outcome: 'failed' })).status).toBe(200);
	const state = JSON.parse((await steer('GET', 'state')).text) as { tasks: object[]; requests: object[] };
	expect(state.tasks).toMatchObject([{ taskId, endedAt: expect.any(Number) as number }]);
	expect(state.requests).toMatchObject([{ status: 500 }, { status: 500 }, { status: 200, path: SUBMIT }]);

	const { text } = await client.send('/prod-api/user/apikey2token', { headers: { 'Api-Key': client.sandbox.apiKey } });
	const { token } = (JSON.parse(text) as { result: { token: string } }).result;
	expect((await steer('POST', 'expire-tokens')).status).toBe(200);
	expect((await client.submit(good, { authorization: `Bearer ${token}` })).status).toBe(401);
});

test.each([
	['faults', { on: 'nowhere', fault: { type: 'empty' } }],
	['faults', { on: 'submit', fault: { type: 'gremlin' } }],
	['faults', { on: 'submit' }],
	['settle', { taskId: 'nope', outcome: 'failed' }],
	['settle', { taskId: 'nope', outcome: 'lost' }],
	['settle', {}],
])('rejects an unknown control request: %s %j', async (what, body) => {
	const reply = await steer('POST', what, body);
	expect([reply.status, Object.keys(JSON.parse(reply.text) as object)]).toEqual([400, ['error']]);
});

test('writes a line per request and acceptance, without secrets', async () => {
	const taskId = await client.task();
	expect(lines).toEqual([
		`accepted task ${taskId} (anime, ${SUBMITTED_URL})`,
		expect.stringMatching(`^POST ${SUBMIT} 200, \\d+ B in \\d+ ms$`),
	]);
});

test('latency delays every request before it is processed', async () => {
	await client.close();
	client = await startServer({ latencyMs: 10_000_000 });
	const broken = client.submit(good).then(() => 'answered', () => 'broken');
	await untilTrue(() => client.sandbox.requests.length === 1);
	await client.sandbox.close();
	expect(await broken).toBe('broken');
	expect(client.sandbox.tasks).toHaveLength(0);
	client = await startServer({ latencyMs: 1 });
	expect((await client.submit(good)).json().code).toBe(0);
});

test('rejects a port in use', async () => {
	await expect(startServer({ port: Number(new URL(client.sandbox.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('the command prints the address and how to call it, and exits cleanly', async () => {
	const root = path.join(__dirname, '../..');
	const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/cli.ts', '--port', '0', '--access-token', 'sk-mine'], { cwd: root });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	await untilTrue(() => output.includes('A task takes') && output.endsWith('\n') || child.exitCode !== null);
	const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
	expect(output).toContain('sk-mine');
	expect((await fetch(`${url}/_sandbox/state`)).status).toBe(200);
	child.kill('SIGTERM');
	// Windows has no signals: there a process is ended from outside.
	expect(await once(child, 'exit')).toEqual(process.platform === 'win32' ? [null, 'SIGTERM'] : [0, null]);
}, 60_000);
