/** How a finished video comes back, in every n8n that the package claims to run in. */
import type { IBinaryData, INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';

import { executionAsleep, executionIds, newestExecution } from '../../harness/n8n/execution';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { expectAllHeard } from '../support/callbacks';
import type { N8nContext } from '../support/n8n';
import { triggerName, triggerWorkflow } from '../support/triggerWorkflow';
import { until } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';
import { inEachN8n } from './support/inEachN8n';

jest.setTimeout(300_000);

const waiting: INodeParameters = { ...byUrl, operation: 'submitAndWait', downloadVideo: true, outputBinaryPropertyName: 'video' };

async function expectTheVideo({ n8n }: N8nContext, video: IBinaryData | undefined): Promise<void> {
	expect(video?.mimeType).toBe('video/mp4');
	const bytes = await n8n.instance.rest.download(`/binary-data?id=${encodeURIComponent(video?.id ?? '')}&action=download`);
	expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
}

// Tasks end when a test says so.
inEachN8n({ taskSeconds: 3_600 }, (on) => {
	const settleAll = (): void => on.sandbox.tasks.forEach(({ taskId }) => on.sandbox.settle(taskId, 'succeeded'));

	test('polling brings the video byte for byte', async () => {
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

	test('a callback wakes the sleeping execution once, also after kill -9 and a restart', async () => {
		const parameters = { ...waiting, waitFor: 'callback' };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, sleeps: true });
		await on.n8n.instance.callWebhook(workflow.name, { items: [videoItem(1), videoItem(2)] });
		await until('both are submitted', () => on.sandbox.tasks.length === 2);
		const id = await newestExecution(on.n8n.instance.rest, workflow.id);
		await executionAsleep(on.n8n.instance.rest, id);
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

	test('Get Result says how a task is, and that nobody knows another', async () => {
		const credential = await on.n8n.credential(on.sandbox);
		await on.n8n.send(await on.n8n.workflow(credential, { parameters: byUrl }), [videoItem(1)]);
		settleAll();
		const id = on.sandbox.tasks[0]?.taskId;
		const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
		const workflow = await on.n8n.workflow(credential, { parameters });
		const { execution } = await on.n8n.send(workflow, [{ id }, { id: '7b0c0d3e-0000-4000-8000-000000000000' }]);
		expect(execution.json(hidreamName)).toMatchObject([
			{ task_id: id, status: 'succeeded', progress: 1 },
			{ status: 'not_found', video_url: null },
		]);
	});

	test('the trigger starts a workflow once, with the result and the video', async () => {
		const credential = await on.n8n.credential(on.sandbox);
		const parameters = { downloadVideo: true, outputBinaryPropertyName: 'video' };
		const workflow = await on.n8n.instance.importWorkflow(triggerWorkflow('when-done', parameters), [credential]);
		await on.n8n.instance.activate(workflow);
		const notifyUrl = `${on.n8n.instance.url}/webhook/when-done/webhook?order=17`;
		const submitting = await on.n8n.workflow(credential, { parameters: { ...byUrl, options: { notifyUrl } } });
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
});
