/** Every file in `examples/`: imported as it is, run as a user runs it, to what the user gets of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';

import type { WorkflowJson } from '../../harness/n8n/workflow';
import { projectFolder } from '../../harness/packageTarball';
import { callbackTests } from './examples/callback';
import { folderTests } from './examples/folder';
import { folderFailureTests } from './examples/folderFailures';
import { formTests } from './examples/form';
import { downloaded, imported, stylized } from './examples/support';
import { waitingTests } from './examples/waiting';
import { useN8n } from '../support/n8n';

jest.setTimeout(600_000);

const on = useN8n({ taskSeconds: 1 });
const files = fastGlob.sync('*.json', { cwd: join(projectFolder, 'examples') });

test('every example is run by a test', async () => {
	const tests = await fastGlob(['test/n8n/**/*.ts', 'test/queue/**/*.ts'], { cwd: projectFolder, absolute: true });
	const text = (await Promise.all(tests.map(async (path) => await readFile(path, 'utf8')))).join('\n');
	expect(files.length).toBeGreaterThan(8);
	expect(files.filter((file) => !text.includes(`'${file}'`))).toEqual([]);
});

test.each(files)('%s carries nothing of the n8n it was made in, and n8n knows all its nodes', async (file) => {
	const workflow = JSON.parse(await readFile(join(projectFolder, 'examples', file), 'utf8')) as WorkflowJson;
	expect(Object.keys(workflow).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
	expect(workflow.nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
	for (const { type, typeVersion } of workflow.nodes) {
		// A node as an agent's tool: n8n makes its type, and answers for the node itself only. It runs in agentExample.test.ts.
		const nodeInfos = [{ name: type.replace(/(?<=^n8n-nodes-hidream\..*)Tool$/, ''), version: typeVersion }];
		const known = await on.n8n.instance.rest.call<Array<{ version: number | number[] }>>('POST', '/node-types', { nodeInfos });
		expect([type, known.flatMap(({ version }) => version)]).toEqual([type, expect.arrayContaining([typeVersion])]);
	}
	const stored = await imported(on, file, {});
	expect(stored.nodes.map(({ name }) => name)).toEqual(workflow.nodes.map(({ name }) => name));
});

test('one video by URL: the finished video is in the output', async () => {
	const videoUrl = `${on.sandbox.url}/media/sample.mp4`;
	const execution = await on.n8n.instance.run(await imported(on, 'video-by-url.json', { videoUrl, style: 'van_goph' }));
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	expect(on.sandbox.tasks).toMatchObject([{ style: 'van_goph', prompt: 'soft light, hand-drawn', video: { kind: 'url', url: videoUrl } }]);
	const [item] = execution.items('HiDream Stylize Video');
	expect(item?.json).toMatchObject({ status: 'succeeded', task_id: on.sandbox.tasks[0]?.taskId });
	expect((await downloaded(on, item)).equals(await stylized())).toBe(true);
});

describe('upload form', () => formTests(on));
describe('folder on a schedule', () => folderTests(on));
describe('folder with files that cannot be sent', () => folderFailureTests(on));
describe('callback', () => callbackTests(on));
describe('durable waiting', () => waitingTests(on));
