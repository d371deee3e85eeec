/** Every file in `examples/`: imported unchanged and run like a user runs it. */
import { readdirSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn } from '../../harness/filesIn';
import type { WorkflowJson } from '../../harness/n8n/workflow';
import { projectFolder } from '../../harness/packageTarball';
import { useAgent } from '../support/agent';
import { importExample } from '../support/examples';
import { resultVideo, sampleVideo } from '../support/media';
import { agentTests } from './examples/agent';
import { callbackTests } from './examples/callback';
import { formTests } from './examples/form';

jest.setTimeout(120_000);

const on = useAgent();
const files = readdirSync(join(projectFolder, 'examples')).filter((file) => file.endsWith('.json'));

test('a test runs every example', async () => {
	const tests = join(projectFolder, 'test');
	const paths = (await filesIn(tests)).filter((file) => /^(n8n|queue|support)\//.test(file));
	const text = (await Promise.all(paths.map(async (path) => await readFile(join(tests, path), 'utf8')))).join('\n');
	expect(files.length).toBeGreaterThan(8);
	expect(files.filter((file) => !text.includes(`'${file}'`))).toEqual([]);
});

test.each(files)('%s has no traces of the n8n it was made in, and n8n knows all its nodes', async (file) => {
	const workflow = JSON.parse(await readFile(join(projectFolder, 'examples', file), 'utf8')) as WorkflowJson;
	expect(Object.keys(workflow).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
	expect(workflow.nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
	for (const { type, typeVersion } of workflow.nodes) {
		// n8n derives the tool's type from the node's, and only knows the node's.
		const nodeInfos = [{ name: type.replace(/(?<=^n8n-nodes-hidream\..*)Tool$/, ''), version: typeVersion }];
		const known = await on.n8n.instance.rest.call<Array<{ version: number | number[] }>>('POST', '/node-types', { nodeInfos });
		expect([type, known.flatMap(({ version }) => version)]).toEqual([type, expect.arrayContaining([typeVersion])]);
	}
	const stored = await importExample(on, file, {});
	expect(stored.nodes.map(({ name }) => name)).toEqual(workflow.nodes.map(({ name }) => name));
});

const run = async (file: string, values: Parameters<typeof importExample>[2]) => {
	const execution = await on.n8n.instance.run(await importExample(on, file, values));
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	return execution;
};

test('one video by URL: the finished video is in the output', async () => {
	const videoUrl = `${on.sandbox.url}/media/sample.mp4`;
	const execution = await run('video-by-url.json', { videoUrl, style: 'van_goph' });
	expect(on.sandbox.tasks).toMatchObject([{ style: 'van_goph', prompt: 'soft light, hand-drawn', video: { kind: 'url', url: videoUrl } }]);
	const [item] = execution.items('HiDream Stylize Video');
	expect(item?.json).toMatchObject({ status: 'succeeded', task_id: on.sandbox.tasks[0]?.taskId });
	expect((await on.n8n.download(item?.binary?.['data'])).equals(await resultVideo())).toBe(true);
});

test('submit by URL, and submit a file', async () => {
	const filePath = join(on.n8n.files, 'example.mp4');
	await copyFile(sampleVideo, filePath);
	await run('submit-by-url.json', { videoUrl: `${on.sandbox.url}/media/sample.mp4` });
	await run('submit-a-file.json', { filePath });
	expect(on.sandbox.tasks.map(({ video }) => video.kind)).toEqual(['url', 'base64']);
});

describe('AI agent', () => agentTests(on));
describe('upload form', () => formTests(on));
describe('callback', () => callbackTests(on));
