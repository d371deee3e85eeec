import type { INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';

import type { Execution } from '../../harness/n8n/execution';
import { executionAsleep, newestExecution } from '../../harness/n8n/execution';
import { projectFolder } from '../../harness/packageTarball';
import { expectAllHeard } from '../support/callbacks';
import { until, useN8n } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(240_000);

// Tasks end when a test says so.
const on = useN8n({ taskSeconds: 3_600 });

const byCallback: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'callback' };

/** Starts a run of so many videos and waits until it sleeps; gives the execution's ID. */
async function park(count: number, parameters = byCallback): Promise<string> {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, sleeps: true });
	const items = Array.from({ length: count }, (_, i) => videoItem(i + 1));
	await on.n8n.instance.callWebhook(workflow.name, { items });
	await until('all are submitted', () => on.sandbox.tasks.length === count);
	const id = await newestExecution(on.n8n.instance.rest, workflow.id);
	await executionAsleep(on.n8n.instance.rest, id);
	return id;
}

function expectAllSucceeded(execution: Execution): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.runs(hidreamName)).toHaveLength(1);
	const items = execution.items(hidreamName);
	expect(items.map(({ json }) => [json['task_id'], json['prompt'], json['status']])).toEqual(
		on.sandbox.tasks.map(({ taskId, prompt }) => [taskId, prompt, 'succeeded']),
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
}

test('three callbacks in one instant: all are heard, and the execution wakes once with all results', async () => {
	const id = await park(3);
	for (const { taskId } of on.sandbox.tasks) on.sandbox.settle(taskId, 'succeeded');
	expectAllSucceeded(await on.n8n.instance.execution(id));
	await expectAllHeard(on.sandbox);
});

test('a sleeping execution survives kill -9 and a restart of n8n, and gives the videos byte for byte', async () => {
	const id = await park(1, { ...byCallback, downloadVideo: true, outputBinaryPropertyName: 'video' });
	await on.n8n.instance.kill();
	await on.n8n.instance.restart();
	for (const { taskId } of on.sandbox.tasks) on.sandbox.settle(taskId, 'succeeded');
	const execution = await on.n8n.instance.execution(id);
	expectAllSucceeded(execution);
	const [item] = execution.items(hidreamName);
	expect(Object.keys(item?.json ?? {}).sort()).toEqual(
		['progress', 'prompt', 'request_id', 'status', 'style', 'sub_task_ids', 'sub_task_results', 'task_id', 'video_url', 'video_urls'],
	);
	const wanted = await readFile(join(projectFolder, 'sandbox', 'media', 'stylized.mp4'));
	expect(item?.binary?.['video']).toMatchObject({ mimeType: 'video/mp4', bytes: wanted.length });
	const answer = await on.n8n.instance.rest.download(`/binary-data?id=${encodeURIComponent(item?.binary?.['video']?.id ?? '')}&action=download`);
	expect(answer.equals(wanted)).toBe(true);
});

test('a forged callback wakes nobody; the true one does', async () => {
	const id = await park(2);
	const notifyUrl = on.sandbox.tasks[0]?.notifyUrl ?? '';
	const forge = async (body: unknown) => {
		const answer = await request(notifyUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
		await answer.body.dump();
		return answer.statusCode;
	};
	const lie = { sub_task_results: [{ task_status: 1, video: 'https://evil.example/x.mp4' }] };
	expect(await forge({ main_task_id: on.sandbox.tasks[0]?.taskId, ...lie })).toBe(503);
	expect(await forge({ main_task_id: 'nobody-knows-it', ...lie })).toBe(200);
	await executionAsleep(on.n8n.instance.rest, id);
	for (const { taskId } of on.sandbox.tasks) on.sandbox.settle(taskId, 'succeeded');
	const execution = await on.n8n.instance.execution(id);
	expectAllSucceeded(execution);
	expect(execution.raw).not.toContain('evil.example');
});

test('one fails, one is rejected, one succeeds: each comes out as what it is', async () => {
	const id = await park(3);
	const ends = ['failed', 'succeeded', 'rejected'] as const;
	on.sandbox.tasks.forEach(({ taskId }, i) => on.sandbox.settle(taskId, ends[i] ?? 'succeeded'));
	const execution = await on.n8n.instance.execution(id);
	expect(execution.json(hidreamName).map(({ status }) => status)).toEqual([...ends]);
});

test('when the wait runs out the task IDs come out', async () => {
	const id = await park(2, { ...byCallback, options: { maxWait: 0.1 } });
	on.sandbox.settle(on.sandbox.tasks[0]?.taskId ?? '', 'failed');
	const execution = await on.n8n.instance.execution(id);
	expect(execution.status).toBe('success');
	expect(execution.json(hidreamName).map(({ task_id, status }) => [task_id, status])).toEqual(
		on.sandbox.tasks.map(({ taskId }) => [taskId, 'timed_out']),
	);
});

test('more videos than the account runs at once are refused before anything is spent', async () => {
	const credential = await on.n8n.credential(on.sandbox, { accountLevel: 'level1' });
	const workflow = await on.n8n.workflow(credential, { parameters: byCallback, sleeps: true });
	await on.n8n.instance.callWebhook(workflow.name, { items: [1, 2, 3, 4].map((n) => videoItem(n)) });
	const execution = await on.n8n.instance.newestExecution(workflow);
	expect(execution.error?.message).toContain('only 3 at the same time');
	expect(on.sandbox.tasks).toEqual([]);
});
