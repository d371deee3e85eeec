/** A submit in a real n8n: the installed package, a file that n8n serves, and Stop. */
import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import { newestExecution } from '../../harness/n8n/execution';
import { sampleVideo } from '../support/media';
import { until, useN8n } from '../support/n8n';
import { byFile, byUrl, hidreamName, videoItem } from '../support/workflows';

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
