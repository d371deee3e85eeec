/** Waiting by polling on a worker, and what is left of it when the worker dies. */
import type { INodeParameters } from 'n8n-workflow';

import { untilLogged } from '../support/crash';
import { byUrl, hidreamName } from '../support/workflows';
import { lostSooner, useQueue } from './support/queue';
import { resultsOf } from './support/results';

jest.setTimeout(300_000);

const on = useQueue({ taskSeconds: 0.5 }, lostSooner);

const options = { pollInterval: 2, parallelTasks: 3 };
const byPolling: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options };
const endless: INodeParameters = { ...byPolling, prompt: '=[never] {{ $json.number }}' };

test('six videos, three at once: all done, in order, each submitted once', async () => {
	const id = await on.n8n.submitted(on.sandbox, byPolling, 6);
	const execution = await on.n8n.instance.execution(id);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	const items = execution.items(hidreamName);
	expect(items.map(({ json }) => [json['prompt'], json['status']])).toEqual(
		items.map((_, i) => [`video ${i + 1}`, 'succeeded']),
	);
	expect(items.map(({ json }) => json['task_id'])).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
	expect(on.sandbox.tasks).toHaveLength(6);
});

test('Get Result on a worker says how tasks are, and which ones nobody knows', async () => {
	await on.n8n.instance.execution(await on.n8n.submitted(on.sandbox, byPolling, 1));
	const taskId = on.sandbox.tasks[0]?.taskId ?? '';
	expect(await resultsOf(on, [taskId, '7b0c0d3e-0000-4000-8000-000000000000'])).toMatchObject([
		{ task_id: taskId, status: 'succeeded', progress: 1 },
		{ status: 'not_found', video_url: null },
	]);
});

test('kill -9 of the worker in the middle of a wait: the run ends as an error, its task IDs are in the log, nothing is submitted twice', async () => {
	const id = await on.n8n.submitted(on.sandbox, endless, 3);
	const own = await on.n8n.workerOf(id);
	await untilLogged(on.sandbox, async () => await own.log());
	await own.kill();
	expect(['error', 'crashed']).toContain((await on.n8n.instance.execution(id, 200_000)).status);

	await own.start();
	const next = await on.n8n.instance.execution(await on.n8n.submitted(on.sandbox, byPolling, 1));
	expect(next.status).toBe('success');
	expect(on.sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['[never] 1', '[never] 2', '[never] 3', 'video 1']);
});
