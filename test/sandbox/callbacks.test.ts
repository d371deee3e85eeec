import type { SandboxSettings } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { listener, startServer, type TestClient } from './support';

let client: TestClient;
let hook: Awaited<ReturnType<typeof listener>>;
let bodies: unknown[];
afterEach(async () => {
	await client.close();
	await hook.close();
});

/** Starts both sides; the hook responds with these statuses in turn, and then no longer responds. */
async function start(statuses: number[], settings: Partial<SandboxSettings> = {}): Promise<void> {
	bodies = [];
	hook = await listener((body, response) => {
		bodies.push(JSON.parse(body));
		const status = statuses[bodies.length - 1];
		if (status !== undefined) response.writeHead(status, { location: '/elsewhere' }).end();
	});
	client = await startServer({ callbackRetryMs: 10, ...settings });
}
const attempts = () => client.sandbox.tasks[0]?.callbacks.map(({ status }) => status ?? 'error');

test('reports the end of a task once, in the v2 shape', async () => {
	await start([200]);
	const taskId = await client.task({ notify_url: hook.url });
	await untilTrue(() => attempts()?.length === 1);
	expect(attempts()).toEqual([200]);
	expect(bodies).toEqual([{ main_task_id: taskId, sub_task_results: await client.results(taskId) }]);
});

test('supports v3, the shape of the result query', async () => {
	await start([200], { callbacks: 'v3' });
	const taskId = await client.task({ notify_url: hook.url, request_id: 'mine' });
	await untilTrue(() => attempts()?.length === 1);
	expect(bodies).toMatchObject([{ code: 0, request_id: 'mine', result: { task_id: taskId, sub_task_results: [{ task_status: 1 }] } }]);
});

test('repeats the callback after a 500, and stops after a 200', async () => {
	await start([500, 200]);
	await client.task({ notify_url: hook.url, prompt: '[fail]' });
	await untilTrue(() => attempts()?.length === 2);
	expect(attempts()).toEqual([500, 200]);
	expect(bodies).toMatchObject([{ sub_task_results: [{ task_status: 3 }] }, { sub_task_results: [{ task_status: 3 }] }]);
});

test('only a 200 counts as delivered; gives up after three calls', async () => {
	await start([204, 302, 201, 200]);
	await client.task({ notify_url: hook.url });
	await untilTrue(() => attempts()?.length === 3);
	// By the time of another task's complete delivery, a fourth call would have arrived.
	await client.task({ notify_url: hook.url });
	await untilTrue(() => client.sandbox.tasks[1]?.callbacks.length === 1);
	expect(attempts()).toEqual([204, 302, 201]);
});

test('times out without a response, and calls again', async () => {
	await start([], { callbackTimeoutMs: 50, callbackAttempts: 2 });
	await client.task({ notify_url: hook.url });
	await untilTrue(() => attempts()?.length === 2);
	expect(attempts()).toEqual(['error', 'error']);
	expect(bodies).toHaveLength(2);
});

test('records a host that cannot be reached', async () => {
	await start([]);
	await client.task({ notify_url: 'http://127.0.0.1:1/hook' });
	await untilTrue(() => attempts()?.length === 3);
	expect(client.sandbox.tasks[0]?.callbacks[0]?.error).toContain('ECONNREFUSED');
});

test('calls when a test settles a task, and never when callbacks are off', async () => {
	await start([200], { taskSeconds: 1000 });
	const taskId = await client.task({ notify_url: hook.url });
	expect(attempts()).toEqual([]);
	client.sandbox.settle(taskId, 'rejected');
	await untilTrue(() => attempts()?.length === 1);
	expect(bodies).toMatchObject([{ main_task_id: taskId, sub_task_results: [{ task_status: 4 }] }]);
	await client.close();
	client = await startServer({ callbacks: 'off' });
	await client.task({ notify_url: hook.url });
	await client.close();
	expect(bodies).toHaveLength(1);
});

test('close() aborts a delivery that hangs', async () => {
	await start([]);
	await client.task({ notify_url: hook.url });
	await untilTrue(() => bodies.length === 1);
	await client.close();
	expect(attempts()).toEqual(['error']);
});
