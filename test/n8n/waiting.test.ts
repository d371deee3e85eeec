import type { INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { newestExecution } from '../../harness/n8n/execution';
import { projectFolder } from '../../harness/packageTarball';
import { untilLogged } from '../support/crash';
import { until, useN8n } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(180_000);

const on = useN8n({ accountLevel: 'level1', taskSeconds: 0.5 });

const options = { pollInterval: 2 };
const byPolling: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options };
const videos = (count: number, more: Record<number, string> = {}) =>
	Array.from({ length: count }, (_, i) => videoItem(i + 1, { look: more[i + 1] ?? '' }));
const byLook: INodeParameters = { ...byPolling, prompt: '={{ $json.look }} {{ $json.number }}' };

test('ten videos over an account that runs three at once: all done, in order, and never one too many', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox, { accountLevel: 'level1' }), { parameters: byPolling });
	const { execution } = await on.n8n.send(workflow, videos(10));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.json(hidreamName).map(({ prompt, status }) => [prompt, status])).toEqual(
		videos(10).map(({ number }) => [`video ${String(number)}`, 'succeeded']),
	);
	const submits = on.sandbox.requests.filter(({ path, method }) => method === 'POST' && path.endsWith('/async'));
	expect(submits).toHaveLength(10);
	expect(on.sandbox.tasks).toHaveLength(10);
});

test('one fails, one is rejected, one never ends: the others are done, and the late one keeps its task ID', async () => {
	const parameters = { ...byLook, options: { ...options, maxWait: 0.1, parallelTasks: 5 } };
	const other = on.sandbox.addAccount({ level: 'level4' });
	const credential = await on.n8n.credential(on.sandbox, { accessToken: other.accessToken });
	const workflow = await on.n8n.workflow(credential, { parameters });
	const { execution } = await on.n8n.send(workflow, videos(4, { 1: '[fail]', 2: '[reject]', 3: '[never]' }));
	expect(execution.json(hidreamName).map(({ status }) => status)).toEqual(['failed', 'rejected', 'timed_out', 'succeeded']);
	expect(execution.json(hidreamName).map(({ task_id }) => task_id)).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
});

test('trouble while polling is waited out, and the video is downloaded byte for byte', async () => {
	const parameters = { ...byPolling, downloadVideo: true, outputBinaryPropertyName: 'data' };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters });
	on.sandbox.faults.add({ on: 'batch', times: 2, fault: { type: 'status', status: 500, body: '<html>oops</html>' } });
	on.sandbox.faults.add({ on: 'batch', fault: { type: 'reset', when: 'before' } });
	const { execution } = await on.n8n.send(workflow, videos(1));
	const [item] = execution.items(hidreamName);
	expect([execution.error, item?.json['status']]).toEqual([undefined, 'succeeded']);
	const wanted = await readFile(join(projectFolder, 'sandbox', 'media', 'stylized.mp4'));
	const id = encodeURIComponent(item?.binary?.['data']?.id ?? '');
	expect((await on.n8n.instance.rest.download(`/binary-data?id=${id}&action=download`)).equals(wanted)).toBe(true);
	const downloads = on.sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
	expect(downloads.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
});

test('Stop ends the wait, and the task ID is in the log', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byLook });
	const call = on.n8n.instance.callWebhook(workflow.name, { items: videos(1, { 1: '[never]' }) }).catch(() => undefined);
	await until('the task is there', () => on.sandbox.tasks.length === 1);
	await untilLogged(on.sandbox, async () => await on.n8n.instance.log());
	const id = await newestExecution(on.n8n.instance.rest, workflow.id);
	await on.n8n.instance.rest.call('POST', `/executions/${id}/stop`, {});
	expect((await on.n8n.instance.execution(id)).status).toBe('canceled');
	await call;
	const seen = on.sandbox.requests.length;
	await sleep(1_500);
	expect(on.sandbox.requests).toHaveLength(seen);
});

test('Get Result says how tasks are, and which ones nobody knows', async () => {
	const submit = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl });
	await on.n8n.send(submit, videos(1));
	const [task] = on.sandbox.tasks;
	on.sandbox.settle(task?.taskId ?? '', 'succeeded');
	const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters });
	const { execution } = await on.n8n.send(workflow, [{ id: task?.taskId }, { id: '7b0c0d3e-0000-4000-8000-000000000000' }]);
	expect(execution.json(hidreamName)).toMatchObject([
		{ task_id: task?.taskId, status: 'succeeded', progress: 1 },
		{ status: 'not_found', video_url: null },
	]);
});
