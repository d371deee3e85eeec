import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';

import { projectFolder } from '../../harness/packageTarball';
import { example } from '../../scripts/demo/examples';
import { useN8n } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(180_000);

const sample = join(projectFolder, 'sandbox', 'media', 'sample.mp4');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const byFile = { operation: 'submit', inputType: 'binary', binaryPropertyName: 'data', style: 'ink_wash', prompt: '', options: {} };

const on = useN8n();

test('submits a video by URL and gives its task IDs', async () => {
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

test('submits a file from disk byte for byte, with binaries kept on the filesystem', async () => {
	const big = Buffer.alloc(5 * 1024 * 1024 + 1, 'not all zero\0');
	await copyFile(sample, join(on.n8n.files, 'sample.mp4'));
	await writeFile(join(on.n8n.files, 'big.mp4'), big);
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFile, readFile: true });
	const items = ['sample.mp4', 'big.mp4'].map((name) => ({ filePath: join(on.n8n.files, name) }));
	const { execution } = await on.n8n.send(workflow, items);

	expect(execution.status).toBe('success');
	expect(execution.items('File').every((item) => item.binary?.['data']?.id?.startsWith('filesystem'))).toBe(true);
	const wanted = [await readFile(sample), big].map((bytes) => ({ kind: 'base64', bytes: bytes.length, sha256: sha256(bytes) }));
	expect(on.sandbox.tasks.map(({ video }) => video)).toEqual(wanted);
	expect(execution.json(hidreamName).map(({ task_id }) => task_id)).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
});

test('hands HiDream a link to the file, which n8n serves without a login', async () => {
	const filePath = join(on.n8n.files, 'link.mp4');
	await copyFile(sample, filePath);
	const parameters = { ...byFile, inputType: 'binaryLink' };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, readFile: true });
	const { execution } = await on.n8n.send(workflow, [{ filePath }]);

	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	const video = on.sandbox.tasks[0]?.video;
	const { statusCode, body } = await request(video?.kind === 'url' ? video.url : '');
	expect(statusCode).toBe(200);
	expect(sha256(Buffer.from(await body.arrayBuffer()))).toBe(sha256(await readFile(sample)));
});

test('submits three items, each paired with its input', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl });
	const { execution } = await on.n8n.send(workflow, [1, 2, 3].map((number) => videoItem(number)));

	expect(execution.status).toBe('success');
	const items = execution.items(hidreamName);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => expect.objectContaining({ item })));
	for (const [index, { json }] of items.entries()) {
		const task = on.sandbox.tasks.find(({ taskId }) => taskId === json['task_id']);
		expect(task?.prompt).toBe(`video ${index + 1}`);
		expect(task?.video).toEqual({ kind: 'url', url: `https://example.com/video-${index + 1}.mp4` });
	}
	expect(on.sandbox.tasks).toHaveLength(3);
});

test('the example workflows run as they are, with the user\'s own video put in', async () => {
	const credential = await on.n8n.credential(on.sandbox);
	const filePath = join(on.n8n.files, 'example.mp4');
	await copyFile(sample, filePath);
	const examples = [
		await example('submit-by-url.json', { videoUrl: `${on.sandbox.url}/media/sample.mp4` }),
		await example('submit-a-file.json', { filePath }),
	];
	for (const workflow of examples) {
		const stored = await on.n8n.instance.importWorkflow(workflow, [credential]);
		const execution = await on.n8n.instance.run(stored);
		expect([workflow.name, execution.status, execution.error?.message]).toEqual([workflow.name, 'success', undefined]);
	}
	expect(on.sandbox.tasks.map(({ video }) => video.kind)).toEqual(['url', 'base64']);
});
