import { readFileSync } from 'node:fs';
import path from 'node:path';
import { request } from 'undici';
import { RESPONSES, type SandboxSettings } from '../../sandbox';
import { startServer, SUBMIT, type TestClient } from './support';

let client: TestClient;
let time = 5_000_000;
const start = async (settings: Partial<SandboxSettings> = {}) =>
	(client = await startServer({ now: () => time, taskSeconds: 100, ...settings }));
afterEach(async () => await client.close());

const authorization = () => `Bearer ${client.sandbox.accessToken}`;
const query = async (text: string) => await client.send(`${SUBMIT}/results${text}`, { headers: { authorization: authorization() } });
const batch = async (body: object) =>
	await client.send(`${SUBMIT}/results/batch`, {
		method: 'POST',
		headers: { authorization: authorization(), 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
const statuses = async (taskId: string) => (await client.results(taskId)).map(({ task_status }) => task_status);

test('a task waits, is processed with growing progress, and ends with a playable video', async () => {
	await start();
	const taskId = await client.task();
	const [id] = client.sandbox.tasks[0]?.subTaskIds ?? [];
	expect(await client.results(taskId)).toEqual([{ sub_task_id: id, task_status: 0, task_completion: 0, video: '' }]);
	time += 20_000;
	expect(await client.results(taskId)).toEqual([{ sub_task_id: id, task_status: 2, task_completion: 0.2, video: '' }]);
	time += 60_000;
	expect(await client.results(taskId)).toMatchObject([{ task_status: 2, task_completion: 0.8 }]);
	expect((await client.send(`/media/${id}.mp4`)).status).toBe(404);
	time += 20_000;
	const video = `${client.sandbox.url}/media/${id}.mp4`;
	expect(await client.results(taskId)).toEqual([{ sub_task_id: id, task_status: 1, task_completion: 1, video }]);
	expect(client.sandbox.tasks[0]?.endedAt).toBe(time);
	const response = await request(video);
	expect(response.headers['content-type']).toBe('video/mp4');
	const expected = readFileSync(path.join(__dirname, '../../sandbox/media/stylized.mp4'));
	expect(Buffer.from(await response.body.arrayBuffer()).equals(expected)).toBe(true);
});

test('sub tasks end one after the other', async () => {
	await start({ subTasks: 2 });
	const taskId = await client.task();
	time += 90_000;
	expect(await statuses(taskId)).toEqual([1, 2]);
	expect(client.sandbox.tasks[0]?.endedAt).toBeNull();
	time += 10_000;
	expect(await statuses(taskId)).toEqual([1, 1]);
});

test.each([
	['[fail]', { task_status: 3, description: '服务器拥堵，请稍后重试' }],
	['[reject]', { task_status: 4, description: '内容审核未通过' }],
	['[noresult]', { task_status: 1004 }],
	['[never]', { task_status: 2 }],
])('a prompt with %s has this outcome', async (marker, expected) => {
	await start();
	const taskId = await client.task({ prompt: `a cat ${marker}` });
	time += 1_000_000;
	expect(await client.results(taskId)).toMatchObject([{ ...expected, video: '' }]);
});

test('a function can decide each outcome, with any status', async () => {
	await start({ subTasks: 2, outcome: () => ['succeeded', { status: -1, description: 'odd' }] });
	const taskId = await client.task();
	time += 100_000;
	expect(await statuses(taskId)).toEqual([1, -1]);
	expect(client.sandbox.tasks[0]?.endedAt).toBeNull();
	client.sandbox.settle(taskId, 'rejected');
	expect(await statuses(taskId)).toEqual([4, 4]);
	expect(() => client.sandbox.settle(taskId, 'succeeded')).toThrow('has already ended');
	expect(() => client.sandbox.settle('nope', 'succeeded')).toThrow('No task nope');
});

test('a task ends without a status request', async () => {
	client = await startServer({ taskSeconds: 0.05 });
	await client.task();
	while (client.sandbox.tasks[0]?.endedAt === null) await new Promise((resolve) => setTimeout(resolve, 5));
	expect(client.sandbox.tasks[0]?.endedAt).toBeGreaterThan(0);
});

test('the single query refuses unknown parameters', async () => {
	await start();
	expect((await query('')).json().code).toBe(RESPONSES.missingTaskId.code);
	expect((await query('?task_id=nope&request_id=mine')).json()).toMatchObject({ code: RESPONSES.unknownTask.code, request_id: 'mine' });
	const other = client.sandbox.addAccount();
	const taskId = (await client.submit({ video_name: 'QUJD', style: 'anime' }, { authorization: `Bearer ${other.accessToken}` })).json().result.task_id;
	expect((await query(`?task_id=${taskId}`)).json().code).toBe(RESPONSES.unknownTask.code);
});

test('the batch query returns many tasks, in no fixed order', async () => {
	await start();
	const ids = [await client.task(), await client.task(), await client.task({ prompt: '[fail]' })];
	time += 100_000;
	const { result } = (await batch({ task_id_list: [...ids, 'nope'] })).json();
	expect(result).toMatchObject([
		{ task_id: ids[2], sub_task_results: [{ task_status: 3 }] },
		{ task_id: ids[1], sub_task_results: [{ task_status: 1 }] },
		{ task_id: ids[0], sub_task_results: [{ task_status: 1 }] },
	]);
});

test('the batch query supports the other possible shapes for unknown IDs and its own IDs', async () => {
	await start({ unknownInBatch: 'empty', batchTaskIds: false });
	expect((await batch({ task_id_list: ['nope'] })).json().result).toEqual([{ sub_task_results: [] }]);
	await client.close();
	await start({ unknownInBatch: 'refuse' });
	expect((await batch({ task_id_list: ['nope'] })).json().code).toBe(RESPONSES.unknownTask.code);
});

test.each([
	['an empty list', { task_id_list: [] }, 'missingTaskId'],
	['no list', {}, 'missingTaskId'],
	['a number', { task_id_list: [7] }, 'badType'],
	['101 ids', { task_id_list: Array.from({ length: 101 }, String) }, 'listTooLong'],
	['an unknown field', { task_id_list: ['a'], limit: 1 }, 'unknownField'],
	['a bad notify URL', { task_id_list: ['a'], notify_url: 'x' }, 'badNotifyUrl'],
	['a list for a body', [], 'badJson'],
] as Array<[string, object, keyof typeof RESPONSES]>)('the batch query refuses %s', async (_name, body, key) => {
	await start();
	expect((await batch(body)).json().code).toBe(RESPONSES[key].code);
});

test('the batch query needs a token, JSON, and a limited body', async () => {
	await start();
	const options = { method: 'POST', body: '{"task_id_list":["a"]}' } as const;
	expect((await client.send(`${SUBMIT}/results/batch`, options)).status).toBe(401);
	const headers = { authorization: authorization() };
	expect((await client.send(`${SUBMIT}/results/batch`, { ...options, headers })).json().code).toBe(RESPONSES.badContentType.code);
	const json = { ...headers, 'content-type': 'application/json' };
	expect((await client.send(`${SUBMIT}/results/batch`, { ...options, headers: json, body: '{"task_id_list":' })).json().code).toBe(RESPONSES.badJson.code);
	expect((await client.send(`${SUBMIT}/results/batch`, { ...options, headers: json, body: `"${'x'.repeat(1024 * 1024)}"` })).status).toBe(413);
});

test('videos refuse credentials, so that a test detects a leaked token', async () => {
	await start();
	expect((await client.send('/media/sample.mp4', { headers: { authorization: authorization() } })).status).toBe(400);
	expect((await client.send('/media/sample.mp4', { headers: { 'Api-Key': 'x' } })).status).toBe(400);
});

test('videos support ranges and HEAD', async () => {
	await start();
	const sample = readFileSync(path.join(__dirname, '../../sandbox/media/sample.mp4'));
	const head = await client.send('/media/sample.mp4', { method: 'HEAD' });
	expect([head.status, head.headers['content-length'], head.text]).toEqual([200, String(sample.length), '']);
	const part = await client.send('/media/sample.mp4', { headers: { range: 'bytes=4-7' } });
	expect([part.status, part.text, part.headers['content-range']]).toEqual([206, 'ftyp', `bytes 4-7/${sample.length}`]);
	const tail = await client.send('/media/sample.mp4', { headers: { range: 'bytes=-9' } });
	expect(tail.headers['content-length']).toBe('9');
	expect((await client.send('/media/../cli.ts.mp4')).status).toBe(404);
});
