import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { request } from 'undici';
import { RESPONSES, type Fault, type FaultRule } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { piecesOf, startServer, pieces, SUBMIT, SUBMITTED_URL, type TestClient } from './support';

let client: TestClient;
beforeEach(async () => (client = await startServer()));
afterEach(async () => await client.close());

const good = { video_name: SUBMITTED_URL, style: 'anime', request_id: 'mine' };
const on = (target: FaultRule['on'], fault: Fault) => client.sandbox.faults.add({ on: target, fault });
const ids = () => client.sandbox.tasks.map(({ requestId }) => requestId);
const works = async () => expect((await client.submit(good)).json().code).toBe(0);

/** A body that is larger than the socket buffers, so that the client is still sending it. */
async function bigUpload() {
	const text = JSON.stringify({ style: 'anime', video_name: randomBytes(24 * 1024 * 1024).toString('base64') });
	const { body, length } = pieces(piecesOf(Buffer.from(text), [64 * 1024]));
	const headers = { authorization: `Bearer ${client.sandbox.accessToken}`, 'content-type': 'application/json', 'content-length': String(length) };
	return { length, reply: client.send(SUBMIT, { method: 'POST', headers, body }) };
}

test('status: any status, with its body and headers, without a task, once', async () => {
	on('submit', { type: 'status', status: 429, body: { code: 9, message: 'slow down' }, headers: { 'Retry-After': '7' } });
	const reply = await client.submit(good);
	expect([reply.status, reply.headers['retry-after'], reply.json()]).toEqual([429, '7', { code: 9, message: 'slow down' }]);
	expect(client.sandbox.requests[0]).toMatchObject({ status: 429, completed: true });
	expect(ids()).toEqual([]);
	await works();
});

test('status: an HTML page, a redirect, an empty response', async () => {
	on('submit', { type: 'status', status: 502, body: '<html>Bad gateway</html>' });
	on('submit', { type: 'status', status: 302, headers: { location: 'https://elsewhere.example/' } });
	on('submit', { type: 'status', status: 503 });
	const [html, moved, empty] = [await client.submit(good), await client.submit(good), await client.submit(good)];
	expect([html.status, html.headers['content-type'], html.text]).toEqual([502, expect.stringContaining('text/html'), '<html>Bad gateway</html>']);
	expect([moved.status, moved.headers.location]).toEqual([302, 'https://elsewhere.example/']);
	expect([empty.status, empty.text]).toEqual([503, '']);
});

test('status after the headers: responds while the body is being sent', async () => {
	on('submit', { type: 'status', status: 401, after: 'headers' });
	const { reply } = await bigUpload();
	expect((await reply).status).toBe(401);
	expect(ids()).toEqual([]);
	await works();
});

test('code: a refusal of the service, with HTTP 200 or another status', async () => {
	on('submit', { type: 'code', code: 2004, message: 'trading service failed' });
	on('submit', { type: 'code', code: 2031, status: 400 });
	const reply = await client.submit(good);
	expect([reply.status, reply.json().code, reply.json().message]).toEqual([200, 2004, 'trading service failed']);
	expect((await client.submit(good)).status).toBe(400);
	expect(ids()).toEqual([]);
});

test('notJson and empty: no task by default', async () => {
	on('submit', { type: 'notJson' });
	on('submit', { type: 'empty' });
	const [notJson, empty] = [await client.submit(good), await client.submit(good)];
	expect(notJson.status).toBe(200);
	expect(notJson.json).toThrow(SyntaxError);
	expect([empty.status, empty.text]).toEqual([200, '']);
	expect(ids()).toEqual([]);
	on('submit', { type: 'notJson', create: true });
	on('submit', { type: 'empty', create: true });
	await client.submit(good);
	await client.submit(good);
	expect(ids()).toEqual(['mine', 'mine']);
});

test('noTaskId: the task exists, and the response does not name it', async () => {
	on('submit', { type: 'noTaskId' });
	on('submit', { type: 'noTaskId', create: false });
	expect((await client.submit(good)).json()).toMatchObject({ code: 0, request_id: 'mine', result: { sub_task_ids: [] } });
	expect((await client.submit(good)).json()).toMatchObject({ code: 0, result: { sub_task_ids: [] } });
	expect(ids()).toEqual(['mine']);
});

test.each([
	['before', []],
	['during', []],
	['afterBody', []],
	['afterAccept', ['mine']],
] as Array<[Extract<Fault, { type: 'reset' }>['when'], string[]]>)('reset %s', async (when, tasks) => {
	on('submit', { type: 'reset', when });
	await expect(client.submit(good)).rejects.toMatchObject({ code: 'ECONNRESET' });
	expect(ids()).toEqual(tasks);
	expect(client.sandbox.requests[0]).toMatchObject({ status: null, respondedAt: null });
	if (when.startsWith('after')) expect(client.sandbox.requests[0]?.completed).toBe(true);
	await works();
});

test('reset during a large upload: does not read the rest', async () => {
	on('submit', { type: 'reset', when: 'during', bytes: 1_000_000 });
	const { reply, length } = await bigUpload();
	// A client that is writing may get the reset as EPIPE.
	await expect(reply).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE|UND_ERR_SOCKET/) as string });
	const [record] = client.sandbox.requests;
	expect(record?.completed).toBe(false);
	expect(record?.bodyBytes).toBeGreaterThanOrEqual(1_000_000);
	expect(record?.bodyBytes).toBeLessThan(length);
	await works();
});

test.each([[false, []], [true, ['mine']]])('silence, task created: %j', async (create, tasks) => {
	on('submit', { type: 'silence', create });
	const cancel = new AbortController();
	const waiting = client.send(SUBMIT, {
		method: 'POST',
		headers: { authorization: `Bearer ${client.sandbox.accessToken}`, 'content-type': 'application/json' },
		body: JSON.stringify(good),
		signal: cancel.signal,
	});
	await untilTrue(() => client.sandbox.requests[0]?.completed === true);
	await works();
	cancel.abort();
	await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
	expect(ids()).toEqual([...tasks, 'mine']);
	expect(client.sandbox.requests[0]?.status).toBeNull();
});

test('slow: the normal response comes after that of a later request', async () => {
	on('submit', { type: 'slow', delayMs: 500 });
	const order: string[] = [];
	const slow = works().then(() => order.push('slow'));
	await untilTrue(() => ids().length === 1);
	await works().then(() => order.push('quick'));
	await slow;
	expect(order).toEqual(['quick', 'slow']);
});

test('slow: a trickling body keeps its client waiting', async () => {
	on('submit', { type: 'slow', bytesPerSecond: 1 });
	const broken = client.submit(good).then(() => 'answered', () => 'broken');
	await untilTrue(() => client.sandbox.requests[0]?.completed === true);
	await works();
	expect(ids()).toEqual(['mine']);
	expect(client.sandbox.requests[0]?.status).toBeNull();
	await client.sandbox.close();
	expect(await broken).toBe('broken');
});

test('slow: body and video arrive completely', async () => {
	on('submit', { type: 'slow', bytesPerSecond: 1000 });
	await works();
	on('video', { type: 'slow', bytesPerSecond: 400_000 });
	const { body } = await request(`${client.sandbox.url}/media/sample.mp4`);
	const sample = readFileSync(path.join(__dirname, '../../sandbox/media/sample.mp4'));
	expect(Buffer.from(await body.arrayBuffer()).equals(sample)).toBe(true);
});

test('acceptThenStatus: the task exists, and the response denies it', async () => {
	on('submit', { type: 'acceptThenStatus', status: 502, body: '<html>Bad gateway</html>' });
	const reply = await client.submit(good);
	expect([reply.status, reply.text]).toEqual([502, '<html>Bad gateway</html>']);
	expect(ids()).toEqual(['mine']);
});

test('truncated: half a body, or a broken connection', async () => {
	on('submit', { type: 'truncated' });
	on('submit', { type: 'truncated', cut: 'connection' });
	const half = await client.submit(good);
	expect(half.text.startsWith('{"code":0')).toBe(true);
	expect(half.json).toThrow(SyntaxError);
	await expect(client.submit(good)).rejects.toThrow();
	expect(ids()).toEqual(['mine', 'mine']);
});

test('truncated: an incomplete video', async () => {
	on('video', { type: 'truncated' });
	await expect(client.send('/media/sample.mp4')).rejects.toThrow();
	expect((await client.send('/media/sample.mp4')).status).toBe(200);
});

test('faults apply to their endpoint, after the given number of requests and as often as given', async () => {
	const { faults } = client.sandbox;
	faults.add({ on: 'result', skip: 1, times: 2, fault: { type: 'code', code: 1 } });
	const taskId = await client.task();
	const codes: Array<number | string> = [];
	for (let turn = 0; turn < 4; turn += 1) {
		const headers = { authorization: `Bearer ${client.sandbox.accessToken}` };
		codes.push((await client.send(`${SUBMIT}/results?task_id=${taskId}`, { headers })).json().code);
	}
	expect(codes).toEqual([0, 1, 1, 0]);
});

test('"any" applies to every endpoint until it is cleared; earlier rules take precedence', async () => {
	const { faults, apiKey } = client.sandbox;
	faults.add({ on: 'any', times: Infinity, fault: { type: 'status', status: 500 } });
	faults.add({ on: 'exchange', fault: { type: 'status', status: 418 } });
	expect((await client.submit(good)).status).toBe(500);
	expect((await client.send(`${SUBMIT}/results/batch`, { method: 'POST' })).status).toBe(500);
	expect((await client.send('/prod-api/user/apikey2token', { headers: { 'Api-Key': apiKey } })).status).toBe(500);
	expect((await client.send('/media/sample.mp4')).status).toBe(500);
	faults.clear();
	expect((await client.send('/prod-api/user/apikey2token', { headers: { 'Api-Key': apiKey } })).status).toBe(200);
});

test('a refused request creates no task, whatever the fault', async () => {
	on('submit', { type: 'acceptThenStatus', status: 500 });
	const reply = await client.submit({ ...good, style: 'x' });
	expect(reply.json().code).toBe(RESPONSES.badStyle.code);
	expect(ids()).toEqual([]);
});
