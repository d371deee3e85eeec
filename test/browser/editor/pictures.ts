import type { INodeParameters } from 'n8n-workflow';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Editor, Theme } from '../../../harness/browser/editor';
import type { NodePanel } from '../../../harness/browser/nodePanel';
import { projectFolder } from '../../../harness/packageTarball';
import { until } from '../../support/n8n';
import { triggerName, triggerWorkflow } from '../../support/triggerWorkflow';
import { queueColumns, tableName, Tables } from '../../support/videoQueue';
import type { EditorContext } from '../support/editor';
import { nodeName, publicVideo } from '../support/editor';
import { exampleFiles, examplePicture } from './examples';

/** In bytes. */
const largest = 150_000;
const submit: INodeParameters = { operation: 'submit', inputType: 'url', videoUrl: publicVideo, style: 'ink_wash', prompt: 'morning mist over the water', options: {} };

/** Rows as a user sees them in the middle of a batch. */
const queueRows = ['succeeded', 'failed', 'processing', 'submitted', 'queued', 'queued'].map((status, n) => ({
	video: `https://example.com/clips/${n + 1}.mp4`,
	style: 'ink_wash',
	status,
	progress: { succeeded: 1, failed: 0, processing: 0.4 }[status],
	note: status === 'failed' ? 'The video has no frames.' : '',
	video_url: status === 'succeeded' ? 'https://storage.example.com/1.mp4' : undefined,
	task_id: status === 'queued' ? undefined : `6f1c${n}e02-8a4b-4d3e-9f55-2b7c1d0a9e3f`,
}));

async function expectSmall(file: string): Promise<void> {
	expect((await stat(file)).size).toBeLessThan(largest);
}

/** Takes the pictures of the node for `docs/screens`. */
export function pictures(on: EditorContext, theme: Theme): void {
	let editor: Editor;

	beforeAll(async () => {
		editor = await on.editor(theme);
	});

	async function draw(name: string): Promise<void> {
		const file = join(projectFolder, 'docs', 'screens', `${name}-${theme}.png`);
		await editor.picture(file);
		await expectSmall(file);
	}

	async function open(parameters: INodeParameters): Promise<NodePanel> {
		await editor.openWorkflow((await on.workflow(parameters)).id);
		return await editor.openNode(nodeName);
	}

	test('the node creator', async () => {
		const creator = await editor.openEmptyWorkflow((await on.emptyWorkflow()).id);
		await creator.search('HiDream', nodeName);
		await draw('find');
	});

	test('the styles', async () => {
		const node = await open(submit);
		await node.open('style');
		await draw('styles');
	});

	test('a run with its task ID', async () => {
		const node = await open(submit);
		await node.execute();
		await node.output.show('table');
		await node.output.text(on.sandbox.tasks[0]?.taskId ?? 'no task');
		await draw('run');
	});

	test('the result of Submit and Wait', async () => {
		const node = await open({ ...submit, operation: 'submitAndWait', waitFor: 'polling', options: { pollInterval: 2 } });
		await node.execute();
		await node.output.show('table');
		for (const first of ['video_url', 'failure_reason', 'succeeded']) await node.output.text(first);
		await draw('submit-and-wait');
	});

	test('a check', async () => {
		const node = await open({ ...submit, operation: 'check' });
		await node.execute();
		await node.output.show('table');
		await node.output.text('checked');
		await draw('check');
	});

	test('a credential that works', async () => {
		const node = await open(submit);
		const window = await node.editCredential();
		await window.success();
		await draw('credential');
		await window.close();
	});

	test('an error', async () => {
		on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 2007, message: 'Insufficient credits' } });
		const node = await open(submit);
		await node.execute();
		await node.output.error();
		await draw('error');
	});

	test('the finished video', async () => {
		const node = await open({ ...submit, operation: 'submitAndWait', downloadVideo: true, options: { pollInterval: 2 } });
		await node.execute();
		await node.output.playVideo();
		await draw('video');
	});

	test('the result of a task', async () => {
		await (await open(submit)).execute();
		await until('the task has ended', () => typeof on.sandbox.tasks[0]?.endedAt === 'number');
		const taskId = on.sandbox.tasks[0]?.taskId ?? 'no task';
		const node = await open({ operation: 'getResult', taskId, downloadVideo: false, options: {} });
		await node.execute();
		await node.output.show('json');
		await node.output.text('succeeded');
		await draw('get-result');
	});

	test('the trigger', async () => {
		const workflow = triggerWorkflow(`trigger-${theme}`, { events: ['succeeded', 'failed', 'rejected'], downloadVideo: true, options: {} });
		const stored = await on.n8n.instance.importWorkflow(workflow, [await on.n8n.credential(on.sandbox)]);
		await editor.openWorkflow(stored.id);
		await editor.openNode(triggerName);
		await editor.showProductionUrl();
		await draw('trigger');
	});

	test('the table of the durable queue', async () => {
		const tables = await Tables.of(on.n8n.instance.rest);
		await tables.create(tableName, await queueColumns());
		await tables.insert(queueRows);
		await editor.page.goto(on.n8n.instance.url + (await tables.page()), { waitUntil: 'domcontentloaded' });
		await editor.page.getByText('succeeded').first().waitFor();
		await draw('queue-table');
		await tables.remove();
	});
}

/** Takes the pictures of the example workflows for `docs/examples`. */
export function examplePictures(on: EditorContext, theme: Theme): void {
	let editor: Editor;

	beforeAll(async () => {
		editor = await on.newEditor({ theme, size: { width: 1600, height: 900 } });
	});
	afterAll(async () => await editor.close());

	test.each(exampleFiles)('%s', async (example) => {
		const file = examplePicture(`${example.replace(/\.json$/, '')}-${theme}`);
		await editor.openWorkflow((await on.example(example)).id);
		await editor.canvasPicture(file);
		await expectSmall(file);
	});
}
