/** The trigger in queue mode: the webhook process hears HiDream, a worker runs the workflow. */
import type { INode, INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Execution } from '../../harness/n8n/execution';
import { executionIds } from '../../harness/n8n/execution';
import type { StoredWorkflow, WorkflowJson } from '../../harness/n8n/workflow';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { triggerName, triggerWorkflow } from '../support/triggerWorkflow';
import { until } from '../support/n8n';
import { byUrl } from '../support/workflows';
import { call, useQueue } from './support/queue';

jest.setTimeout(240_000);

const on = useQueue({ taskSeconds: 3_600 });

/** The name of the node after the trigger. */
const readerName = 'Reader';

/** The trigger and, after it, a node that reads the item's video, if there is one. */
function withReader(id: string, parameters: INodeParameters): WorkflowJson {
	const workflow = triggerWorkflow(id, parameters);
	const reader: INode = {
		id: `${id}-reader`,
		name: readerName,
		type: 'n8n-nodes-base.extractFromFile',
		typeVersion: 1,
		position: [200, 0],
		parameters: { operation: 'binaryToPropery', binaryPropertyName: 'film', destinationKey: 'base64', options: {} },
	};
	const connections = { [triggerName]: { main: [[{ node: readerName, type: 'main' as const, index: 0 }]] } };
	return parameters['downloadVideo'] === true ? { ...workflow, nodes: [...workflow.nodes, reader], connections } : workflow;
}

/** An active workflow that starts with the trigger, and its production URL at the webhook process. */
async function trigger(id: string, parameters: INodeParameters = {}): Promise<{ workflow: StoredWorkflow; url: string }> {
	const workflow = await on.n8n.instance.importWorkflow(withReader(id, parameters), [await on.n8n.credential(on.sandbox)]);
	await on.n8n.instance.activate(workflow);
	return { workflow, url: `${on.n8n.instance.url}/webhook/${id}/webhook` };
}

/** A task that has succeeded, of which nobody has been told; what HiDream would say of it. */
async function endedTask(): Promise<{ taskId: string; body: object }> {
	await on.n8n.submitted(on.sandbox, { ...byUrl, options: { notifyUrl: 'https://example.com/elsewhere' } }, 1);
	const taskId = on.sandbox.tasks.at(-1)?.taskId ?? '';
	on.sandbox.settle(taskId, 'succeeded');
	return { taskId, body: { main_task_id: taskId, sub_task_results: [] } };
}

const executions = async ({ id }: StoredWorkflow): Promise<string[]> => await executionIds(on.n8n.instance.rest, id);

/** The workflow's executions, ended, once there is one; whoever must not come has had a second to come. */
async function started(workflow: StoredWorkflow): Promise<Execution[]> {
	await until('the workflow starts', async () => (await executions(workflow)).length > 0);
	await sleep(1_000);
	return await Promise.all((await executions(workflow)).map(async (id) => await on.n8n.instance.execution(id)));
}

const requests = (endpoint: string): number => on.sandbox.requests.filter((request) => request.endpoint === endpoint).length;

test('callbacks in one instant start the workflow once; later ones do not again, at another process or after kill -9 of this one', async () => {
	const { workflow, url } = await trigger('once');
	const { taskId, body } = await endedTask();
	expect(await Promise.all([1, 2, 3].map(async () => await call(url, body)))).toEqual([200, 200, 200]);
	const [execution, ...more] = await started(workflow);
	expect(more).toEqual([]);
	expect([execution?.error, execution?.status]).toEqual([undefined, 'success']);
	expect(execution?.json(triggerName)).toMatchObject([{ task_id: taskId, status: 'succeeded', progress: 1 }]);
	expect(await call(url.replace(on.n8n.instance.url, on.n8n.instance.mainUrl), body)).toBe(200);
	await on.n8n.instance.webhook.kill();
	await on.n8n.instance.webhook.start();
	expect(await call(url, body)).toBe(200);
	expect(await started(workflow)).toHaveLength(1);
});

test('the webhook process brings the video along, and the next node, on a worker, reads it byte for byte', async () => {
	const { workflow, url } = await trigger('film', { downloadVideo: true, outputBinaryPropertyName: 'film' });
	const { body } = await endedTask();
	expect(await call(url, body)).toBe(200);
	const [execution, ...more] = await started(workflow);
	expect(more).toEqual([]);
	expect([execution?.error, execution?.status]).toEqual([undefined, 'success']);
	const [item] = execution?.items(triggerName) ?? [];
	expect(item?.json).not.toHaveProperty('download_error');
	expect(item?.binary?.['film']).toMatchObject({ id: expect.stringMatching(/^database:/), mimeType: 'video/mp4' });
	const [read] = execution?.json(readerName) ?? [];
	const bytes = Buffer.from(String(read?.['base64']), 'base64');
	expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
});

test('the webhook process dies before it has answered: the next call, at another process, starts the workflow, and later ones do not again', async () => {
	const { workflow, url } = await trigger('killed');
	const { taskId, body } = await endedTask();
	on.sandbox.faults.add({ on: 'batch', fault: { type: 'slow', delayMs: 3_000 } });
	const broken = call(url, body).catch(String);
	await until('HiDream is asked', () => requests('batch') === 1);
	await on.n8n.instance.webhook.kill();
	expect(await broken).toMatch(/socket|ECONNRESET/i);
	expect(await call(url.replace(on.n8n.instance.url, on.n8n.instance.mainUrl), body)).toBe(200);
	await on.n8n.instance.webhook.start();
	expect(await call(url, body)).toBe(200);
	const [execution, ...more] = await started(workflow);
	expect(more).toEqual([]);
	expect(execution?.json(triggerName)).toMatchObject([{ task_id: taskId, status: 'succeeded' }]);
});

test('the webhook process dies when it has answered and downloads the video: nothing has started, so a later call starts the workflow', async () => {
	const { workflow, url } = await trigger('film-killed', { downloadVideo: true, outputBinaryPropertyName: 'film' });
	const { taskId, body } = await endedTask();
	on.sandbox.faults.add({ on: 'video', fault: { type: 'slow', delayMs: 20_000 } });
	expect(await call(url, body)).toBe(200);
	await until('the download begins', () => requests('video') === 1);
	await on.n8n.instance.webhook.kill();
	await on.n8n.instance.webhook.start();
	expect(await executions(workflow)).toEqual([]);
	expect(await call(url, body)).toBe(200);
	const [execution, ...more] = await started(workflow);
	expect(more).toEqual([]);
	expect(execution?.json(triggerName)).toMatchObject([{ task_id: taskId, status: 'succeeded' }]);
});
