/** The examples as they look in n8n's editor, and the upload form as its user sees it. `UPDATE_DOCS=1` draws the pictures anew. */
import fastGlob from 'fast-glob';
import type { INodePropertyOptions } from 'n8n-workflow';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';

import type { RunningBrowser } from '../../harness/browser/browser';
import { startBrowser } from '../../harness/browser/browser';
import type { Theme } from '../../harness/browser/editor';
import { Editor, patience } from '../../harness/browser/editor';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { WorkflowJson } from '../../harness/n8n/workflow';
import { projectFolder } from '../../harness/packageTarball';
import { example } from '../../scripts/demo/examples';
import { importExample } from '../support/examples';
import { sampleVideo } from '../support/media';
import { useN8n } from '../support/n8n';
import { parameter } from './support/description';

jest.setTimeout(300_000);

const on = useN8n({ taskSeconds: 1 });
const files = fastGlob.sync('*.json', { cwd: join(projectFolder, 'examples') });
const largestPicture = 150_000;

/** n8n's marks on a node: something is wrong with it, or its credential is missing. */
const problem = '[data-test-id="node-issues"], [data-test-id="node-setup-required"]';
const problems = ({ page }: Editor): Locator => page.locator(problem);

/** An operation's name on the screen. */
const nameOf = (operation: unknown): string =>
	(operations.options as INodePropertyOptions[]).find(({ value }) => value === operation)?.name ?? 'no operation';
const operations = parameter('operation', 'submit');

let running: RunningBrowser;
let pictures: string;

beforeAll(async () => {
	running = await startBrowser();
	pictures = process.env['UPDATE_DOCS'] === '1' ? join(projectFolder, 'docs', 'examples') : await temporaryFolder('pictures');
	await mkdir(pictures, { recursive: true });
});
afterAll(async () => {
	await running.close();
	if (process.env['UPDATE_DOCS'] !== '1') await removeFolder(pictures);
});

describe.each<Theme>(['light', 'dark'])('%s', (theme) => {
	let editor: Editor;
	beforeAll(async () => {
		editor = await Editor.open(running.browser, on.n8n.instance, { theme, size: { width: 1600, height: 900 } });
	});
	afterAll(async () => await editor.close());

	test.each(files)('%s opens in the editor, and once the credential is chosen nothing is wrong with any node', async (file) => {
		const model = { name: 'OpenAI', type: 'openAiApi', data: { apiKey: 'none', url: on.sandbox.url, header: false } };
		const credentials = [await on.n8n.credential(on.sandbox), await on.n8n.instance.importCredential(model)];
		const workflow = await on.n8n.instance.importWorkflow(await example(file, {}), credentials);
		await editor.openWorkflow(workflow.id);
		const drawn = workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
		await Promise.all(drawn.map(async ({ name }) => await editor.node(name).waitFor()));
		expect(await editor.part('sticky').count()).toBe(1);
		for (const { name, type, parameters } of drawn) {
			if (!type.startsWith('n8n-nodes-hidream.stylizeVideo')) continue;
			expect(await editor.node(name).innerText()).toContain(nameOf(parameters['operation']));
		}
		const picture = join(pictures, file.replace(/\.json$/, `-${theme}.png`));
		await editor.canvasPicture(picture);
		expect((await stat(picture)).size).toBeLessThan(largestPicture);
		// By now n8n has drawn its marks, if there are any.
		expect(await problems(editor).count()).toBe(0);
	});
});

test('as long as no credential is chosen, the editor says so on the HiDream node, and on no other', async () => {
	const editor = await Editor.open(running.browser, on.n8n.instance);
	const text = await readFile(join(projectFolder, 'examples', 'video-by-url.json'), 'utf8');
	const workflow = await on.n8n.instance.importWorkflow(JSON.parse(text) as WorkflowJson);
	await editor.openWorkflow(workflow.id);
	await problems(editor).first().waitFor();
	expect(await problems(editor).count()).toBe(1);
	expect(await editor.node('HiDream Stylize Video').locator(problem).count()).toBe(1);
	await editor.close();
});

test('who fills in the upload form sees the finished video play', async () => {
	const workflow = await importExample(on, 'upload-form.json', {});
	await on.n8n.instance.activate(workflow);
	const form = workflow.nodes.find(({ type }) => type.endsWith('.formTrigger'));
	const context = await running.browser.newContext({ viewport: { width: 640, height: 720 } });
	context.setDefaultTimeout(patience);
	const page = await context.newPage();
	await page.goto(`${on.n8n.instance.url}/form/${form?.webhookId ?? ''}`, { waitUntil: 'domcontentloaded' });
	await page.setInputFiles('input[type=file]', sampleVideo);
	await page.selectOption('select', 'Van Gogh');
	await page.fill('textarea', 'thick paint');
	await page.locator('#n8n-form').screenshot({ path: join(pictures, 'upload-form-page.png') });
	await page.click('#submit-btn');
	const video = page.locator('video');
	await video.waitFor({ timeout: 120_000 });
	await page.waitForFunction('document.querySelector("video").currentTime > 0');
	await page.locator('.card').screenshot({ path: join(pictures, 'upload-form-video.png') });
	expect(on.sandbox.tasks).toMatchObject([{ style: 'van_goph', prompt: 'thick paint' }]);
	expect((await on.n8n.instance.newestExecution(workflow)).status).toBe('success');
	await context.close();
});
