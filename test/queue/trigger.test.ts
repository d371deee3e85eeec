/** The trigger in queue mode: the webhook process hears HiDream, a worker runs the workflow. */
import type { INodeParameters } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Execution } from '../../harness/n8n/execution';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { triggerName, triggerWorkflow } from '../n8n/support/trigger';
import { byUrl } from '../n8n/support/workflows';
import { call, QueueBench } from './support/bench';

jest.setTimeout(240_000);

let bench: QueueBench;
let sandbox: Sandbox;

beforeAll(async () => {
	bench = await QueueBench.open();
});
afterAll(async () => await bench?.close());
beforeEach(async () => {
	sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 3_600 });
});
afterEach(async () => await sandbox.close());

/** An active workflow that starts with the trigger, and its production URL at the webhook process. */
async function trigger(id: string, parameters: INodeParameters = {}): Promise<{ workflow: StoredWorkflow; url: string }> {
	const workflow = await bench.n8n.importWorkflow(triggerWorkflow(id, parameters), [await bench.credential(sandbox)]);
	await bench.n8n.activate(workflow);
	return { workflow, url: `${bench.n8n.url}/webhook/${id}/webhook` };
}

/** A task that has succeeded, of which nobody has been told; what HiDream would say of it. */
async function endedTask(): Promise<{ taskId: string; body: object }> {
	await bench.submitted(sandbox, { ...byUrl, options: { notifyUrl: 'https://example.com/elsewhere' } }, 1);
	const taskId = sandbox.tasks.at(-1)?.taskId ?? '';
	sandbox.settle(taskId, 'succeeded');
	return { taskId, body: { main_task_id: taskId, sub_task_results: [] } };
}

/** The workflow's executions, ended; whoever must not come has had a second to come. */
async function started({ id }: StoredWorkflow): Promise<Execution[]> {
	await bench.n8n.newestExecution({ id } as StoredWorkflow);
	await sleep(1_000);
	const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
	const { results } = await bench.n8n.rest.call<{ results: Array<{ id: string }> }>('GET', `/executions?filter=${filter}`);
	return await Promise.all(results.map(async (found) => await bench.n8n.execution(found.id)));
}

test('callbacks in one instant start the workflow once, and later ones too, also after kill -9 of the webhook process', async () => {
	const { workflow, url } = await trigger('once');
	const { taskId, body } = await endedTask();
	expect(await Promise.all([1, 2, 3].map(async () => await call(url, body)))).toEqual([200, 200, 200]);
	const [execution, ...more] = await started(workflow);
	expect(more).toEqual([]);
	expect([execution?.error, execution?.status]).toEqual([undefined, 'success']);
	expect(execution?.json(triggerName)).toMatchObject([{ task_id: taskId, status: 'succeeded', progress: 1 }]);
	await bench.n8n.webhook.kill();
	await bench.n8n.webhook.start();
	expect(await call(url, body)).toBe(200);
	expect(await started(workflow)).toHaveLength(1);
});

test('the webhook process brings the video along, byte for byte', async () => {
	const { workflow, url } = await trigger('film', { downloadVideo: true, outputBinaryPropertyName: 'film' });
	const { body } = await endedTask();
	expect(await call(url, body)).toBe(200);
	const [execution, ...more] = await started(workflow);
	expect(more).toEqual([]);
	const [item] = execution?.items(triggerName) ?? [];
	expect(item?.json).not.toHaveProperty('download_error');
	expect(item?.binary?.['film']?.mimeType).toBe('video/mp4');
	await bench.expectResultVideo(item?.binary?.['film']?.id);
});
