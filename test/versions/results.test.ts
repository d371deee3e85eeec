/** How a finished video comes back, in every n8n that the package claims to run in. */
import type { IBinaryData, INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';

import { executionAsleep, executionIds, newestExecution } from '../../harness/n8n/execution';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { expectAllHeard } from '../n8n/support/callbacks';
import type { OnBench } from '../n8n/support/useBench';
import { triggerName, triggerWorkflow } from '../n8n/support/trigger';
import { until } from '../n8n/support/useBench';
import { byUrl, hidreamName, videoItem } from '../n8n/support/workflows';
import { inEachN8n } from './support/inEachN8n';

jest.setTimeout(300_000);

const waiting: INodeParameters = { ...byUrl, operation: 'submitAndWait', downloadVideo: true, outputBinaryPropertyName: 'video' };

async function expectTheVideo({ bench }: OnBench, video: IBinaryData | undefined): Promise<void> {
	expect(video?.mimeType).toBe('video/mp4');
	const bytes = await bench.n8n.rest.download(`/binary-data?id=${encodeURIComponent(video?.id ?? '')}&action=download`);
	expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
}

// Tasks end when a test says so.
inEachN8n({ taskSeconds: 3_600 }, (on) => {
	const settleAll = (): void => on.sandbox.tasks.forEach(({ taskId }) => on.sandbox.settle(taskId, 'succeeded'));

	test('polling brings the video byte for byte', async () => {
		const parameters = { ...waiting, waitFor: 'polling', options: { pollInterval: 2 } };
		const workflow = await on.bench.workflow(await on.bench.credential(on.sandbox), { parameters });
		const sending = on.bench.send(workflow, [videoItem(1)]);
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
		const workflow = await on.bench.workflow(await on.bench.credential(on.sandbox), { parameters, sleeps: true });
		await on.bench.n8n.callWebhook(workflow.name, { items: [videoItem(1), videoItem(2)] });
		await until('both are submitted', () => on.sandbox.tasks.length === 2);
		const id = await newestExecution(on.bench.n8n.rest, workflow.id);
		await executionAsleep(on.bench.n8n.rest, id);
		await on.bench.n8n.kill();
		await on.bench.n8n.restart();
		settleAll();
		const execution = await on.bench.n8n.execution(id);
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
		const credential = await on.bench.credential(on.sandbox);
		await on.bench.send(await on.bench.workflow(credential, { parameters: byUrl }), [videoItem(1)]);
		settleAll();
		const id = on.sandbox.tasks[0]?.taskId;
		const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
		const workflow = await on.bench.workflow(credential, { parameters });
		const { execution } = await on.bench.send(workflow, [{ id }, { id: '7b0c0d3e-0000-4000-8000-000000000000' }]);
		expect(execution.json(hidreamName)).toMatchObject([
			{ task_id: id, status: 'succeeded', progress: 1 },
			{ status: 'not_found', video_url: null },
		]);
	});

	test('the trigger starts a workflow once, with the result and the video', async () => {
		const credential = await on.bench.credential(on.sandbox);
		const parameters = { downloadVideo: true, outputBinaryPropertyName: 'video' };
		const workflow = await on.bench.n8n.importWorkflow(triggerWorkflow('when-done', parameters), [credential]);
		await on.bench.n8n.activate(workflow);
		const notifyUrl = `${on.bench.n8n.url}/webhook/when-done/webhook?order=17`;
		const submitting = await on.bench.workflow(credential, { parameters: { ...byUrl, options: { notifyUrl } } });
		await on.bench.send(submitting, [videoItem(1)]);
		settleAll();
		const [task] = on.sandbox.tasks;
		await until('HiDream has called', () => task?.callbacks.some(({ status }) => status === 200) === true);
		const execution = await on.bench.n8n.newestExecution(workflow);
		expect(await executionIds(on.bench.n8n.rest, workflow.id)).toEqual([execution.id]);
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		const [item, ...more] = execution.items(triggerName);
		expect(more).toEqual([]);
		expect(item?.json).toMatchObject({ task_id: task?.taskId, status: 'succeeded', query: { order: '17' } });
		await expectTheVideo(on, item?.binary?.['video']);
	});
});
