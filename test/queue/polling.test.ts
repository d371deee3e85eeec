/** Waiting by polling on a worker, and what is left of it when the worker dies. */
import type { INodeParameters } from 'n8n-workflow';

import type { N8nServer } from '../../harness/n8n/server';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { byUrl, hidreamName } from '../n8n/support/workflows';
import { lostSooner, QueueBench, until } from './support/bench';

jest.setTimeout(300_000);

let bench: QueueBench;
let sandbox: Sandbox;

beforeAll(async () => {
	bench = await QueueBench.open(lostSooner);
});
afterAll(async () => await bench?.close());
beforeEach(async () => {
	sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 0.5 });
});
afterEach(async () => await sandbox.close());

const options = { pollInterval: 0.1, parallelTasks: 3 };
const byPolling: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options };
const endless: INodeParameters = { ...byPolling, prompt: '=[never] {{ $json.number }}' };

/** The worker that has told that it submitted the given task. */
async function workerOf(taskId: string): Promise<N8nServer> {
	const told: N8nServer[] = [];
	await until('a worker tells the task ID', async () => {
		for (const worker of bench.n8n.workers) {
			if ((await worker.log()).includes(taskId)) told.push(worker);
		}
		return told.length > 0;
	});
	const [worker, ...more] = told;
	expect(more).toEqual([]);
	if (worker === undefined) throw new Error('unreachable');
	return worker;
}

test('six videos, three at once: all done, in order, each submitted once', async () => {
	const id = await bench.submitted(sandbox, byPolling, 6);
	const execution = await bench.n8n.execution(id);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	const items = execution.items(hidreamName);
	expect(items.map(({ json }) => [json['prompt'], json['status']])).toEqual(
		items.map((_, i) => [`video ${i + 1}`, 'succeeded']),
	);
	expect(items.map(({ json }) => json['task_id'])).toEqual(sandbox.tasks.map(({ taskId }) => taskId));
	expect(sandbox.tasks).toHaveLength(6);
});

test('Get Result on a worker says how tasks are, and which ones nobody knows', async () => {
	await bench.n8n.execution(await bench.submitted(sandbox, byPolling, 1));
	const taskId = sandbox.tasks[0]?.taskId;
	const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
	const id = await bench.started(sandbox, parameters, [{ id: taskId }, { id: '7b0c0d3e-0000-4000-8000-000000000000' }]);
	const execution = await bench.n8n.execution(id);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.json(hidreamName)).toMatchObject([
		{ task_id: taskId, status: 'succeeded', progress: 1 },
		{ status: 'not_found', video_url: null },
	]);
});

test('kill -9 of the worker in the middle of a wait: the run ends as an error, its task IDs are in the log, nothing is submitted twice', async () => {
	const id = await bench.submitted(sandbox, endless, 3);
	const taskIds = sandbox.tasks.map(({ taskId }) => taskId);
	const [worker, ...others] = await Promise.all(taskIds.map(workerOf));
	expect(others).toEqual([worker, worker]);
	await worker?.kill();
	expect(['error', 'crashed']).toContain((await bench.n8n.execution(id, 200_000)).status);
	const log = await worker?.log();
	for (const taskId of taskIds) expect(log).toContain(`HiDream accepted task ${taskId}`);

	await worker?.start();
	const next = await bench.n8n.execution(await bench.submitted(sandbox, byPolling, 1));
	expect(next.status).toBe('success');
	expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['[never] 1', '[never] 2', '[never] 3', 'video 1']);
});
