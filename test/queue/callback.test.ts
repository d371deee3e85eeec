/** Waiting by callback over processes: a worker submits and resumes, another process hears the callbacks. */
import type { INodeParameters } from 'n8n-workflow';

import type { Execution } from '../../harness/n8n/execution';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { byUrl, hidreamName } from '../n8n/support/workflows';
import { call, QueueBench, until } from './support/bench';

jest.setTimeout(240_000);

let bench: QueueBench;
let sandbox: Sandbox;

beforeAll(async () => {
	bench = await QueueBench.open();
});
afterAll(async () => await bench?.close());
beforeEach(async () => {
	// Tasks end when a test says so.
	sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 3_600 });
});
afterEach(async () => await sandbox.close());

const byCallback: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'callback' };

const settleAll = (): void => {
	for (const { taskId } of sandbox.tasks) sandbox.settle(taskId, 'succeeded');
};

const expectAllHeard = async (): Promise<void> => {
	const answers = () => sandbox.tasks.map(({ callbacks }) => callbacks.map(({ status }) => status));
	await until('all callbacks are answered', () => answers().every(({ length }) => length > 0));
	expect(answers()).toEqual(sandbox.tasks.map(() => [200]));
};

function expectAllSucceeded(execution: Execution): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.runs(hidreamName)).toHaveLength(1);
	const items = execution.items(hidreamName);
	expect(items.map(({ json }) => [json['task_id'], json['prompt'], json['status']])).toEqual(
		sandbox.tasks.map(({ taskId, prompt }) => [taskId, prompt, 'succeeded']),
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
}

test('three callbacks in one instant: all are answered 200, and the execution wakes once with all results', async () => {
	const id = await bench.parked(sandbox, byCallback, 3);
	expect(sandbox.tasks.every(({ notifyUrl }) => notifyUrl?.startsWith(bench.n8n.url))).toBe(true);
	settleAll();
	expectAllSucceeded(await bench.n8n.execution(id));
	await expectAllHeard();
});

test('callbacks that reach two processes in one instant: all are answered 200, and the execution wakes once', async () => {
	await sandbox.close();
	sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 3_600, callbacks: 'off' });
	const id = await bench.parked(sandbox, byCallback, 4);
	settleAll();
	const hosts = [bench.n8n.url, bench.n8n.mainUrl];
	const answers = sandbox.tasks.map(async ({ taskId, notifyUrl }, i) => {
		const url = (notifyUrl ?? '').replace(bench.n8n.url, hosts[i % 2] ?? '');
		return await call(url, { main_task_id: taskId, sub_task_results: [] });
	});
	expect(await Promise.all(answers)).toEqual([200, 200, 200, 200]);
	expectAllSucceeded(await bench.n8n.execution(id));
});

test('kill -9 of every worker and the webhook process while it sleeps: after a restart the callbacks wake it', async () => {
	const id = await bench.parked(sandbox, byCallback, 3);
	const processes = [...bench.n8n.workers, bench.n8n.webhook];
	await Promise.all(processes.map(async (server) => await server.kill()));
	await Promise.all(processes.map(async (server) => await server.start()));
	settleAll();
	expectAllSucceeded(await bench.n8n.execution(id));
	await expectAllHeard();
});

test('the process that hears the callbacks downloads each video once, byte for byte', async () => {
	const id = await bench.parked(sandbox, { ...byCallback, downloadVideo: true, outputBinaryPropertyName: 'video' }, 2);
	settleAll();
	const execution = await bench.n8n.execution(id);
	expectAllSucceeded(execution);
	const binaries = execution.items(hidreamName).map(({ binary }) => binary?.['video']);
	expect(binaries.map((binary) => binary?.mimeType)).toEqual(['video/mp4', 'video/mp4']);
	for (const binary of binaries) await bench.expectResultVideo(binary?.id);
	const downloads = sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
	expect(downloads.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined]);
});

test('a forged callback wakes nobody, whichever process hears it', async () => {
	const id = await bench.parked(sandbox, byCallback, 2);
	const [task] = sandbox.tasks;
	const lie = { main_task_id: task?.taskId, sub_task_results: [{ task_status: 1, video: 'https://evil.example/x.mp4' }] };
	const atMain = (task?.notifyUrl ?? '').replace(bench.n8n.url, bench.n8n.mainUrl);
	expect(await Promise.all([call(task?.notifyUrl ?? '', lie), call(atMain, lie)])).toEqual([503, 503]);
	expect(await bench.status(id)).toBe('waiting');
	settleAll();
	const execution = await bench.n8n.execution(id);
	expectAllSucceeded(execution);
	expect(execution.raw).not.toContain('evil.example');
});

test('when the wait runs out, the task IDs come out', async () => {
	const id = await bench.parked(sandbox, { ...byCallback, options: { maxWait: 0.02 } }, 2);
	const execution = await bench.n8n.execution(id);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.json(hidreamName).map(({ task_id, status }) => [task_id, status])).toEqual(
		sandbox.tasks.map(({ taskId }) => [taskId, 'timed_out']),
	);
});
