/** HiDream calls the production URL of the trigger, and n8n starts the workflow. Restarts are in `kill.test.ts`, all responses in `unit/StylizeVideoTrigger/receive.test.ts`. */
import type { IDataObject } from 'n8n-workflow';

import { resultVideo } from '../support/media';
import { until, useN8n } from '../support/n8n';
import { activeTrigger, callBack, expectStarted, triggerName } from '../support/triggerWorkflow';
import { byUrl, videoItem } from '../support/workflows';

jest.setTimeout(120_000);

const on = useN8n();

/** Submits a video through a separate workflow; HiDream calls `notifyUrl`. Returns the task ID. */
async function submit(notifyUrl: string, prompt = ''): Promise<string> {
	const parameters = { ...byUrl, prompt, options: { notifyUrl } };
	const { execution } = await on.n8n.send(await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters }), [videoItem(1)]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	return on.sandbox.tasks.at(-1)?.taskId ?? '';
}

test('a finished task starts the workflow once, with its result, its video and the query of the URL', async () => {
	const { workflow, url } = await activeTrigger(on, { downloadVideo: true, outputBinaryPropertyName: 'film' });
	const taskId = await submit(`${url}?order=17`);
	const [task] = on.sandbox.tasks;
	await until('HiDream has called', () => task?.callbacks.some(({ status }) => status === 200) === true);
	const [execution] = await expectStarted(on, workflow, 1);
	const [item, ...more] = execution?.items(triggerName) ?? [];
	expect(more).toEqual([]);
	const video = `${on.sandbox.url}/media/${task?.subTaskIds[0]}.mp4`;
	expect(item?.json).toEqual({
		query: { order: '17' },
		task_id: taskId,
		status: 'succeeded',
		progress: 1,
		video_url: video,
		failure_reason: null,
		video_urls: [video],
		sub_task_results: [expect.objectContaining({ task_status: 1 })],
	});
	const film = item?.binary?.['film'];
	expect(film).toMatchObject({ fileName: `${task?.subTaskIds[0]}.mp4`, mimeType: 'video/mp4' });
	expect((await on.n8n.download(film)).equals(await resultVideo())).toBe(true);
	const downloads = on.sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
	expect(downloads.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
	expect(execution?.raw).not.toContain(on.sandbox.accessToken);
	expect(await on.n8n.instance.log()).not.toContain(on.sandbox.accessToken);
});

test('n8n passes on the 400 and 503 to forged callbacks, which start nothing', async () => {
	const { workflow, url } = await activeTrigger(on);
	const sub_task_results = [{ task_status: 1, task_completion: 1, video: 'https://evil.example.com/a.mp4' }];
	expect(await callBack(url, { sub_task_results })).toBe(400);
	expect(await callBack(url, { main_task_id: await submit('https://example.com/elsewhere', '[never]'), sub_task_results })).toBe(503);
	await expectStarted(on, workflow, 0);
});

test('the test URL of the editor receives one call, and the production URL still receives the same', async () => {
	const { workflow, url } = await activeTrigger(on);
	const taskId = await submit('https://example.com/elsewhere');
	on.sandbox.settle(taskId, 'succeeded');
	const body: IDataObject = { triggerToStartFrom: { name: triggerName } };
	const response = await on.n8n.instance.rest.call<IDataObject>('POST', `/workflows/${workflow.id}/run`, body);
	expect(response).toEqual({ waitingForWebhook: true });
	expect(await callBack(url.replace('/webhook/', '/webhook-test/'), { main_task_id: taskId })).toBe(200);
	expect(await callBack(url, { main_task_id: taskId })).toBe(200);
	const found = await expectStarted(on, workflow, 2);
	expect(found.map((execution) => execution.json(triggerName)[0]?.['task_id'])).toEqual([taskId, taskId]);
});
