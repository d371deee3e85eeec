import type { IBinaryData, INodeParameters } from 'n8n-workflow';

import { executionSuspended, executionIds, newestExecution } from '../../harness/n8n/execution';
import { expectAllHeard } from '../support/callbacks';
import { resultVideo } from '../support/media';
import type { N8nContext } from '../support/n8n';
import { until } from '../support/n8n';
import { activeTrigger, triggerName } from '../support/triggerWorkflow';
import { byUrl, hidreamName, videoItem } from '../support/workflows';

const waiting: INodeParameters = { ...byUrl, operation: 'submitAndWait', downloadVideo: true, outputBinaryPropertyName: 'video' };

async function expectTheVideo({ n8n }: N8nContext, video: IBinaryData | undefined): Promise<void> {
	expect(video?.mimeType).toBe('video/mp4');
	expect((await n8n.download(video)).equals(await resultVideo())).toBe(true);
}

/** Tasks must not end by themselves. */
export function resultTests(on: N8nContext): void {
	const settleAll = (): void => on.sandbox.tasks.forEach(({ taskId }) => on.sandbox.settle(taskId, 'succeeded'));

	test('by polling, downloads the video byte for byte', async () => {
		const parameters = { ...waiting, waitFor: 'polling', options: { pollInterval: 2 } };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters });
		const sending = on.n8n.send(workflow, [videoItem(1)]);
		await until('the task is there', () => on.sandbox.tasks.length === 1);
		settleAll();
		const { execution } = await sending;
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		const [item] = execution.items(hidreamName);
		expect(item?.json).toMatchObject({ task_id: on.sandbox.tasks[0]?.taskId, status: 'succeeded', progress: 1 });
		await expectTheVideo(on, item?.binary?.['video']);
	});

	test('a callback resumes the suspended execution once, after kill -9 and a restart', async () => {
		const parameters = { ...waiting, waitFor: 'callback' };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, suspends: true });
		await on.n8n.instance.callWebhook(workflow.name, { items: [videoItem(1), videoItem(2)] });
		await until('both are submitted', () => on.sandbox.tasks.length === 2);
		const id = await newestExecution(on.n8n.instance.rest, workflow.id);
		await executionSuspended(on.n8n.instance.rest, id);
		await on.n8n.instance.kill();
		await on.n8n.instance.restart();
		settleAll();
		const execution = await on.n8n.instance.execution(id);
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect(execution.runs(hidreamName)).toHaveLength(1);
		const items = execution.items(hidreamName);
		expect(items.map(({ json, pairedItem }) => [json['task_id'], json['status'], pairedItem])).toEqual(
			on.sandbox.tasks.map(({ taskId }, item) => [taskId, 'succeeded', { item }]),
		);
		for (const { binary } of items) await expectTheVideo(on, binary?.['video']);
		await expectAllHeard(on.sandbox);
	});

	test('the output of a failed task has its reason, and a hint above it', async () => {
		const parameters = { ...waiting, waitFor: 'polling', options: { pollInterval: 2 } };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters });
		const sending = on.n8n.send(workflow, [videoItem(1), videoItem(2)]);
		await until('the tasks are there', () => on.sandbox.tasks.length === 2);
		on.sandbox.settle(on.sandbox.tasks[0]?.taskId ?? '', 'succeeded');
		on.sandbox.settle(on.sandbox.tasks[1]?.taskId ?? '', 'failed');
		const { execution } = await sending;
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect(execution.json(hidreamName)).toMatchObject([
			{ status: 'succeeded', failure_reason: null },
			{ status: 'failed', video_url: null, failure_reason: expect.stringMatching(/./) as string },
		]);
		expect(execution.runs(hidreamName)[0]?.hints).toMatchObject([{ message: expect.stringMatching(/^1 of 2 tasks failed: ./) as string }]);
	});

	test('Get Result outputs the status of a task, and not_found for an unknown one', async () => {
		const credential = await on.n8n.credential(on.sandbox);
		await on.n8n.send(await on.n8n.workflow(credential, { parameters: byUrl }), [videoItem(1)]);
		settleAll();
		const id = on.sandbox.tasks[0]?.taskId;
		const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
		const workflow = await on.n8n.workflow(credential, { parameters });
		const { execution } = await on.n8n.send(workflow, [{ id }, { id: '7b0c0d3e-0000-4000-8000-000000000000' }]);
		expect(execution.json(hidreamName)).toMatchObject([
			{ task_id: id, status: 'succeeded', progress: 1 },
			{ status: 'not_found', video_url: null, failure_reason: null },
		]);
	});

	test('the trigger starts a workflow once, with the result and the video', async () => {
		const credential = await on.n8n.credential(on.sandbox);
		const parameters = { downloadVideo: true, outputBinaryPropertyName: 'video' };
		const { workflow, url } = await activeTrigger(on, parameters);
		const submitting = await on.n8n.workflow(credential, { parameters: { ...byUrl, options: { notifyUrl: `${url}?order=17` } } });
		await on.n8n.send(submitting, [videoItem(1)]);
		settleAll();
		const [task] = on.sandbox.tasks;
		await until('HiDream has called', () => task?.callbacks.some(({ status }) => status === 200) === true);
		const execution = await on.n8n.instance.newestExecution(workflow);
		expect(await executionIds(on.n8n.instance.rest, workflow.id)).toEqual([execution.id]);
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		const [item, ...more] = execution.items(triggerName);
		expect(more).toEqual([]);
		expect(item?.json).toMatchObject({ task_id: task?.taskId, status: 'succeeded', query: { order: '17' } });
		await expectTheVideo(on, item?.binary?.['video']);
	});
}
