import type { INode, INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { StoredExecution } from '../../../harness/n8n/execution';
import { executionIds } from '../../../harness/n8n/execution';
import type { StoredWorkflow, WorkflowJson } from '../../../harness/n8n/workflow';
import { DEFAULT_SETTINGS } from '../../../sandbox';
import { until } from '../../support/n8n';
import { callBack, triggerName, triggerWorkflow } from '../../support/triggerWorkflow';
import { byUrl } from '../../support/workflows';
import type { QueueContext } from '../support/queue';
import { requestsTo } from '../support/tasks';

/** The node after the trigger. */
const readerName = 'Reader';

const withVideo: INodeParameters = { downloadVideo: true, outputBinaryPropertyName: 'film' };

/** The trigger and, if it downloads the video, a node that reads it. */
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

/** The webhook process receives HiDream's callback, a worker runs the workflow. */
export function trigger(on: QueueContext): void {
	const atMain = (url: string): string => url.replace(on.n8n.instance.url, on.n8n.instance.mainUrl);

	/** An active workflow that starts with the trigger, and its production URL at the webhook process. */
	async function activated(id: string, parameters: INodeParameters = {}): Promise<{ workflow: StoredWorkflow; url: string }> {
		const workflow = await on.n8n.instance.importWorkflow(withReader(id, parameters), [await on.n8n.credential(on.sandbox)]);
		await on.n8n.instance.activate(workflow);
		return { workflow, url: `${on.n8n.instance.url}/webhook/${id}/webhook` };
	}

	/** Succeeded tasks without a callback, and the callbacks that HiDream would send. */
	async function endedTasks(count: number): Promise<Array<{ taskId: string; body: object }>> {
		await on.n8n.submitted(on.sandbox, { ...byUrl, options: { notifyUrl: 'https://example.com/elsewhere' } }, count);
		return on.sandbox.tasks.map(({ taskId }) => {
			on.sandbox.settle(taskId, 'succeeded');
			return { taskId, body: { main_task_id: taskId, sub_task_results: [] } };
		});
	}

	async function endedTask(): Promise<{ taskId: string; body: object }> {
		const [task] = await endedTasks(1);
		if (task === undefined) throw new Error('The task is missing.');
		return task;
	}

	const executions = async ({ id }: StoredWorkflow): Promise<string[]> => await executionIds(on.n8n.instance.rest, id);

	/** The workflow's executions, as soon as one exists; a second one, which would be wrong, gets a second to appear. */
	async function started(workflow: StoredWorkflow): Promise<StoredExecution[]> {
		await until('the workflow starts', async () => (await executions(workflow)).length > 0);
		await sleep(1_000);
		return await Promise.all((await executions(workflow)).map(async (id) => await on.n8n.instance.execution(id)));
	}

	async function expectStartedOnce(workflow: StoredWorkflow, taskId: string): Promise<StoredExecution> {
		const [execution, ...more] = await started(workflow);
		if (execution === undefined) throw new Error('The execution no longer exists.');
		expect(more).toEqual([]);
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect(execution.json(triggerName)).toMatchObject([{ task_id: taskId, status: 'succeeded', progress: 1 }]);
		return execution;
	}

	test('concurrent callbacks start the workflow once; a later one at another process does not start it again', async () => {
		const { workflow, url } = await activated('once');
		const { taskId, body } = await endedTask();
		expect(await Promise.all([1, 2, 3].map(async () => await callBack(url, body)))).toEqual([200, 200, 200]);
		await expectStartedOnce(workflow, taskId);
		expect(await callBack(atMain(url), body)).toBe(200);
		await expectStartedOnce(workflow, taskId);
	});

	test('the webhook process downloads the video, and the next node, on a worker, reads it byte for byte', async () => {
		const { workflow, url } = await activated('film', withVideo);
		const { taskId, body } = await endedTask();
		expect(await callBack(url, body)).toBe(200);
		const execution = await expectStartedOnce(workflow, taskId);
		const [item] = execution.items(triggerName);
		expect(item?.json).not.toHaveProperty('download_error');
		expect(item?.binary?.['film']).toMatchObject({ id: expect.stringMatching(/^database:/), mimeType: 'video/mp4' });
		const [read] = execution.json(readerName);
		const bytes = Buffer.from(String(read?.['base64']), 'base64');
		expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
	});

	test('kill -9 of the webhook process before its response, and during its download: the next callback starts the workflow once', async () => {
		const early = await activated('killed-early');
		const late = await activated('killed-late', withVideo);
		const [first, second] = await endedTasks(2);
		if (first === undefined || second === undefined) throw new Error('A task is missing.');
		on.sandbox.faults.add({ on: 'video', fault: { type: 'slow', delayMs: 20_000 } });
		expect(await callBack(late.url, second.body)).toBe(200);
		await until('the download begins', () => requestsTo(on.sandbox, 'video') === 1);
		const before = requestsTo(on.sandbox, 'batch');
		on.sandbox.faults.add({ on: 'batch', fault: { type: 'slow', delayMs: 3_000 } });
		const broken = callBack(early.url, first.body).catch(String);
		await until('the status is requested', () => requestsTo(on.sandbox, 'batch') > before);
		await on.n8n.instance.webhook.kill();
		expect(await broken).toMatch(/socket|ECONNRESET/i);
		expect([await executions(early.workflow), await executions(late.workflow)]).toEqual([[], []]);

		expect(await callBack(atMain(early.url), first.body)).toBe(200);
		await on.n8n.instance.webhook.start();
		expect(await callBack(early.url, first.body)).toBe(200);
		expect(await callBack(late.url, second.body)).toBe(200);
		await expectStartedOnce(early.workflow, first.taskId);
		await expectStartedOnce(late.workflow, second.taskId);
	});
}
