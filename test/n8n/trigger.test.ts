/** The trigger in a real n8n: HiDream calls its production URL, and the workflow starts once with what HiDream confirms. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import type { Execution } from '../../harness/n8n/execution';
import { executionIds } from '../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../harness/n8n/workflow';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { triggerName, triggerWorkflow } from '../support/triggerWorkflow';
import { useN8n } from '../support/n8n';
import { byUrl, videoItem } from '../support/workflows';

jest.setTimeout(180_000);

const on = useN8n();
let credential: StoredCredential;

beforeEach(async () => {
	credential = await on.n8n.credential(on.sandbox);
});

let paths = 0;

/** An active workflow that starts with the trigger, and the production URL that n8n shows for it. */
async function trigger(parameters: INodeParameters = {}): Promise<{ workflow: StoredWorkflow; url: string }> {
	paths += 1;
	const workflow = await on.n8n.instance.importWorkflow(triggerWorkflow(`trigger-${paths}`, parameters), [credential]);
	await on.n8n.instance.activate(workflow);
	return { workflow, url: `${on.n8n.instance.url}/webhook/trigger-${paths}/webhook` };
}

/** Submits through a workflow of its own; HiDream calls `notifyUrl`. The prompt may say how the task ends. */
async function submit(notifyUrl: string, prompt = ''): Promise<void> {
	const parameters = { ...byUrl, prompt, options: { notifyUrl } };
	const sent = await on.n8n.send(await on.n8n.workflow(credential, { parameters }), [videoItem(1)]);
	expect([sent.execution.error, sent.execution.status]).toEqual([undefined, 'success']);
}

/** Waits until HiDream has delivered its callbacks for so many tasks. */
async function delivered(count: number): Promise<void> {
	const done = () => on.sandbox.tasks.filter(({ callbacks }) => callbacks.some(({ status }) => status === 200)).length;
	for (const deadline = Date.now() + 30_000; done() < count; await sleep(50)) {
		if (Date.now() > deadline) throw new Error(`Not delivered within 30 s: ${JSON.stringify(on.sandbox.tasks.map(({ callbacks }) => callbacks))}`);
	}
}

/** Every execution of the workflow, ended, oldest first. */
async function executions({ id }: StoredWorkflow): Promise<Execution[]> {
	const ids = await executionIds(on.n8n.instance.rest, id);
	return await Promise.all(ids.reverse().map(async (found) => await on.n8n.instance.execution(found)));
}

/** The executions once there are so many; whoever must not come has had a second to come. */
async function started(workflow: StoredWorkflow, count: number): Promise<Execution[]> {
	for (const deadline = Date.now() + 15_000; (await executions(workflow)).length < count; await sleep(100)) {
		if (Date.now() > deadline) break;
	}
	await sleep(1_000);
	const all = await executions(workflow);
	expect(all.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'success'));
	return all;
}

async function call(url: string, body: unknown): Promise<number> {
	const headers = { 'content-type': 'application/json' };
	const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(body) });
	await answer.body.dump();
	return answer.statusCode;
}

test('a task that ended starts the workflow once, with its result and the query of the URL', async () => {
	const { workflow, url } = await trigger();
	await submit(`${url}?order=17`);
	await delivered(1);
	const [execution] = await started(workflow, 1);
	const [task] = on.sandbox.tasks;
	expect(execution?.json(triggerName)).toEqual([
		{
			query: { order: '17' },
			task_id: task?.taskId,
			status: 'succeeded',
			progress: 1,
			video_url: `${on.sandbox.url}/media/${task?.subTaskIds[0]}.mp4`,
			video_urls: [`${on.sandbox.url}/media/${task?.subTaskIds[0]}.mp4`],
			sub_task_results: [expect.objectContaining({ task_status: 1 })],
		},
	]);
	expect(execution?.raw).not.toContain(on.sandbox.accessToken);
	expect(await on.n8n.instance.log()).not.toContain(on.sandbox.accessToken);
});

test('repeated callbacks, in one instant, later, and after a restart of n8n, start it no second time', async () => {
	const { workflow, url } = await trigger();
	await submit('https://example.com/elsewhere');
	const [task] = on.sandbox.tasks;
	const body = { main_task_id: task?.taskId, sub_task_results: [] };
	while ((await call(url, body)) === 503) await sleep(100);
	expect(await Promise.all([1, 2, 3].map(async () => await call(url, body)))).toEqual([200, 200, 200]);
	await started(workflow, 1);
	await on.n8n.instance.restart();
	expect(await call(url, body)).toBe(200);
	await started(workflow, 1);
});

test('three callbacks in one instant start it once, and all are answered 200', async () => {
	const { workflow, url } = await trigger();
	await submit('https://example.com/elsewhere');
	const [task] = on.sandbox.tasks;
	on.sandbox.settle(task?.taskId ?? '', 'succeeded');
	const body = { result: { task_id: task?.taskId, sub_task_results: [] } };
	expect(await Promise.all([1, 2, 3].map(async () => await call(url, body)))).toEqual([200, 200, 200]);
	await started(workflow, 1);
});

test('a forged callback starts nothing', async () => {
	const { workflow, url } = await trigger();
	const sub_task_results = [{ task_status: 1, task_completion: 1, video: 'https://evil.example.com/a.mp4' }];
	expect(await call(url, { main_task_id: 'no-such-task', sub_task_results })).toBe(503);
	expect(await call(url, { sub_task_results })).toBe(400);
	await submit('https://example.com/elsewhere', '[never]');
	expect(await call(url, { main_task_id: on.sandbox.tasks[0]?.taskId, sub_task_results })).toBe(503);
	await started(workflow, 0);
});

test('while HiDream cannot be asked it is told to call again, and does', async () => {
	const { workflow, url } = await trigger();
	for (const query of ['batch', 'result'] as const) on.sandbox.faults.add({ on: query, fault: { type: 'status', status: 500 } });
	await submit(url);
	await delivered(1);
	expect(on.sandbox.tasks[0]?.callbacks.map(({ status }) => status)).toEqual([503, 200]);
	await started(workflow, 1);
});

test('the video comes along byte for byte, and its host sees no token', async () => {
	const { workflow, url } = await trigger({ downloadVideo: true, outputBinaryPropertyName: 'film' });
	await submit(url);
	await delivered(1);
	const [execution] = await started(workflow, 1);
	const [item] = execution?.items(triggerName) ?? [];
	const film = item?.binary?.['film'];
	expect(film).toMatchObject({ fileName: `${on.sandbox.tasks[0]?.subTaskIds[0]}.mp4`, mimeType: 'video/mp4' });
	expect(item?.json).not.toHaveProperty('download_error');
	const bytes = await on.n8n.instance.rest.download(`/binary-data?id=${encodeURIComponent(film?.id ?? '')}&action=download`);
	expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
	const [media] = on.sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
	expect(media?.status).toBe(200);
	expect(media?.headers).not.toHaveProperty('authorization');
});

test('a video that is gone leaves the item, with what happened', async () => {
	const { workflow, url } = await trigger({ downloadVideo: true });
	on.sandbox.faults.add({ on: 'video', fault: { type: 'status', status: 404 } });
	await submit(url);
	await delivered(1);
	const [execution] = await started(workflow, 1);
	expect(execution?.json(triggerName)).toMatchObject([{ status: 'succeeded', download_error: expect.stringContaining('404') }]);
});

test('the test URL of the editor hears one call, which uses up no real one', async () => {
	const { workflow, url } = await trigger();
	await submit('https://example.com/elsewhere');
	const taskId = on.sandbox.tasks[0]?.taskId ?? '';
	on.sandbox.settle(taskId, 'succeeded');
	const body: IDataObject = { triggerToStartFrom: { name: triggerName } };
	const answer = await on.n8n.instance.rest.call<IDataObject>('POST', `/workflows/${workflow.id}/run`, body);
	expect(answer).toEqual({ waitingForWebhook: true });
	expect(await call(url.replace('/webhook/', '/webhook-test/'), { main_task_id: taskId })).toBe(200);
	expect(await call(url, { main_task_id: taskId })).toBe(200);
	const found = await started(workflow, 2);
	expect(found.map((execution) => execution.json(triggerName)[0]?.['task_id'])).toEqual([taskId, taskId]);
});

test('only the chosen events start the workflow', async () => {
	const { workflow, url } = await trigger({ events: ['failed', 'rejected'] });
	for (const prompt of ['fine', '[fail]', '[reject]']) await submit(url, prompt);
	await delivered(3);
	const found = await started(workflow, 2);
	expect(found.flatMap((execution) => execution.json(triggerName).map(({ status }) => status)).sort()).toEqual(['failed', 'rejected']);
});
