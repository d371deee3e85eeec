/** A submit in a real n8n: the installed package, n8n's binary files and its other executions. */
import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import { newestExecution } from '../../harness/n8n/execution';
import { sampleVideo } from '../support/media';
import { until, useN8n } from '../support/n8n';
import { byFile, byUrl, checkByUrl, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(120_000);

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const on = useN8n();

test('submits a video by URL and outputs its task IDs; the token is in no output and no log', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl });
	const sent = await on.n8n.send(workflow, [videoItem(1)]);

	expect(sent.execution.status).toBe('success');
	const [task] = on.sandbox.tasks;
	expect(on.sandbox.tasks).toHaveLength(1);
	expect(task?.video).toEqual({ kind: 'url', url: 'https://example.com/video-1.mp4' });
	expect(sent.execution.json(hidreamName)).toEqual([
		{
			task_id: task?.taskId,
			sub_task_ids: task?.subTaskIds,
			request_id: task?.requestId,
			status: 'submitted',
			style: 'anime',
			prompt: 'video 1',
		},
	]);
	expect(JSON.parse(sent.text)).toEqual(sent.execution.json(hidreamName));
	await on.n8n.expectNoTrace(on.sandbox.accessToken, sent);
	expect(await on.n8n.instance.log()).toContain(task?.taskId);
});

test('uploads files byte for byte from n8n\'s binary folder', async () => {
	const big = Buffer.alloc(5 * 1024 * 1024 + 1, 'not all zero\0');
	await copyFile(sampleVideo, join(on.n8n.files, 'sample.mp4'));
	await writeFile(join(on.n8n.files, 'big.mp4'), big);
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFile, readFile: true });
	const items = ['sample.mp4', 'big.mp4'].map((name) => ({ filePath: join(on.n8n.files, name) }));
	const { execution } = await on.n8n.send(workflow, items);

	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.items('File').map(({ binary }) => binary?.['data']?.id)).toEqual(items.map(() => expect.stringMatching(/^filesystem/) as string));
	const wanted = [await readFile(sampleVideo), big].map((bytes) => ({ kind: 'base64', bytes: bytes.length, sha256: sha256(bytes) }));
	expect(on.sandbox.tasks.map(({ video }) => video)).toEqual(wanted);
	expect(execution.json(hidreamName).map(({ task_id }) => task_id)).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
});

test('gives HiDream a link to the file, which n8n serves without a login', async () => {
	const filePath = join(on.n8n.files, 'link.mp4');
	await copyFile(sampleVideo, filePath);
	const parameters = { ...byFile, inputType: 'binaryLink' };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, readFile: true });
	const { execution } = await on.n8n.send(workflow, [{ filePath }]);

	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	const video = on.sandbox.tasks[0]?.video;
	const { statusCode, body } = await request(video?.kind === 'url' ? video.url : '');
	expect(statusCode).toBe(200);
	expect(sha256(Buffer.from(await body.arrayBuffer()))).toBe(sha256(await readFile(sampleVideo)));
});

test('"Stop" in the editor ends an upload', async () => {
	const filePath = join(on.n8n.files, 'stopped.mp4');
	await writeFile(filePath, Buffer.alloc(60 * 1024 * 1024, 'a long video\0'));
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFile, readFile: true });
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 4_000_000 } });
	const call = on.n8n.instance.callWebhook(workflow.name, { items: [{ filePath }] }).catch(() => undefined);
	await until('the upload begins', () => (on.sandbox.requests[0]?.bodyBytes ?? 0) > 0);

	const id = await newestExecution(on.n8n.instance.rest, workflow.id);
	await on.n8n.instance.rest.call('POST', `/executions/${id}/stop`, {});
	expect((await on.n8n.instance.execution(id)).status).toBe('canceled');
	// The socket buffers still hold a few megabytes; the whole upload would take 15 s.
	await until('the connection is closed', async () => {
		const seen = on.sandbox.requests[0]?.bodyBytes;
		await sleep(500);
		return on.sandbox.requests[0]?.bodyBytes === seen;
	});
	expect(on.sandbox.requests[0]).toMatchObject({ completed: false });
	expect(on.sandbox.requests[0]?.bodyBytes).toBeLessThan(40_000_000);
	expect(on.sandbox.tasks).toEqual([]);
	await call;
});

test('30 concurrent executions share the account\'s parallel tasks: HiDream refuses none', async () => {
	const level = { accountLevel: 'level4' };
	const parameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options: { pollInterval: 2 } };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox, level), { parameters });
	const videos = Array.from({ length: 30 }, (_, i) => videoItem(i + 1));
	const responses = await Promise.all(videos.map(async (item) => await on.n8n.instance.callWebhook(workflow.name, { items: [item] })));

	const submits = on.sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/async'));
	expect(submits.map(({ status }) => status)).toEqual(videos.map(() => 200));
	const taskOf = new Map(on.sandbox.tasks.map(({ prompt, taskId }) => [prompt, taskId]));
	expect(responses.map(({ text }) => JSON.parse(text) as unknown)).toMatchObject(
		videos.map(({ number }) => [{ status: 'succeeded', task_id: taskOf.get(`video ${String(number)}`) }]),
	);
});

test.each([
	{ accountLevel: 'level4', tasksPerMinute: 0, videos: 12, concurrent: 10 },
	{ accountLevel: 'free', tasksPerMinute: 2, videos: 2, concurrent: 2 },
])('without Concurrency, an account of $accountLevel sends $concurrent videos at the same time', async ({ accountLevel, tasksPerMinute, videos, concurrent }) => {
	on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 5_000 } });
	const credential = await on.n8n.credential(on.sandbox, { accountLevel, tasksPerMinute });
	const workflow = await on.n8n.workflow(credential, { parameters: byUrl, derivesConcurrency: true });
	const sending = on.n8n.send(workflow, Array.from({ length: videos }, (_, i) => videoItem(i + 1)));
	const underWay = (): number => on.sandbox.requests.filter(({ endpoint, status }) => endpoint === 'submit' && status === null).length;
	await until(`${concurrent} videos are sent`, () => underWay() === concurrent);
	await sleep(500);
	expect(underWay()).toBe(concurrent);
	const { execution } = await sending;
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(on.sandbox.tasks).toHaveLength(videos);
});

test('Check reports how long a batch takes and which items are invalid, and submits nothing', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: checkByUrl });
	const { execution } = await on.n8n.send(workflow, [videoItem(1), videoItem(2, { videoUrl: 'no url' })]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.json(hidreamName)).toMatchObject([
		{
			status: 'checked',
			items: 2,
			tasks: 1,
			invalid: 1,
			tasks_per_minute: 0,
			parallel_tasks: 10,
			problems: [{ item: 1, error: expect.stringContaining('"Video URL"') as string }],
		},
	]);
	expect(execution.items(hidreamName)[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
	expect(on.sandbox.requests.filter(({ endpoint }) => endpoint === 'submit')).toEqual([]);
	expect(on.sandbox.tasks).toEqual([]);
});

test('Submit and Wait outputs the reason of each task without a video, and shows a hint above the output', async () => {
	const parameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', prompt: '={{ $json.prompt }}', options: { pollInterval: 2 } };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters });
	const { execution } = await on.n8n.send(workflow, ['', '[fail]', '[reject]'].map((prompt, i) => videoItem(i + 1, { prompt })));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	const items = execution.json(hidreamName);
	const reason = expect.stringMatching(/./) as string;
	expect(items).toMatchObject([
		{ status: 'succeeded', video_url: expect.stringMatching(/\.mp4$/) as string, failure_reason: null },
		{ status: 'failed', video_url: null, failure_reason: reason },
		{ status: 'rejected', video_url: null, failure_reason: reason },
	]);
	for (const json of items) expect(Object.keys(json).slice(0, 4)).toEqual(['status', 'video_url', 'failure_reason', 'task_id']);
	expect(execution.runs(hidreamName)[0]?.hints).toMatchObject([{ message: expect.stringMatching(/^2 of 3 tasks failed: ./) as string, type: 'warning' }]);
});
