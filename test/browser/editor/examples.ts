import type { INodePropertyOptions } from 'n8n-workflow';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Editor, Locator } from '../../../harness/browser/editor';
import type { WorkflowJson } from '../../../harness/n8n/workflow';
import { projectFolder } from '../../../harness/packageTarball';
import { importExample } from '../../support/examples';
import { sampleVideo } from '../../support/media';
import { parameter } from '../support/description';
import type { EditorContext } from '../support/editor';
import { drawsPictures, nodeName } from '../support/editor';

/** The example workflows. */
export const exampleFiles = readdirSync(join(projectFolder, 'examples')).filter((file) => file.endsWith('.json')).sort();

/** The pictures of the example workflows. */
export const examplePicture = (name: string): string => join(projectFolder, 'docs', 'examples', `${name}.png`);

/** n8n's marks on a node with an issue or without its credential. */
const problem = '[data-test-id="node-issues"], [data-test-id="node-setup-required"]';
const problems = ({ page }: Editor): Locator => page.locator(problem);

/** An operation's displayed name. */
const nameOf = (operation: unknown): string =>
	(parameter('operation', 'submit').options as INodePropertyOptions[]).find(({ value }) => value === operation)?.name ?? 'no operation';

/** The example workflows as they look in the editor, and the upload form as its user sees it. */
export function examples(on: EditorContext): void {
	test.each(exampleFiles)('%s opens, and with its credentials no node has a problem', async (file) => {
		const editor = await on.editor();
		const workflow = await on.example(file);
		await editor.openWorkflow(workflow.id);
		const drawn = workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
		await Promise.all(drawn.map(async ({ name }) => await editor.node(name).waitFor()));
		expect(await editor.part('sticky').count()).toBe(workflow.nodes.length - drawn.length);
		for (const { name, type, parameters } of drawn) {
			if (!/^n8n-nodes-hidream\.stylizeVideo(Tool)?$/.test(type)) continue;
			expect(await editor.node(name).innerText()).toContain(nameOf(parameters['operation']));
		}
		await editor.untilStill();
		expect(await problems(editor).count()).toBe(0);
	});

	test('without a credential, only the HiDream node has an issue', async () => {
		const editor = await on.editor();
		const text = await readFile(join(projectFolder, 'examples', 'video-by-url.json'), 'utf8');
		const workflow = await on.n8n.instance.importWorkflow(JSON.parse(text) as WorkflowJson);
		await editor.openWorkflow(workflow.id);
		// As above: this also shows that the marks are visible by then.
		await editor.untilStill();
		expect(await problems(editor).count()).toBe(1);
		expect(await editor.node(nodeName).locator(problem).count()).toBe(1);
	});

	test('the upload form plays the finished video', async () => {
		const workflow = await importExample(on, 'upload-form.json', {});
		await on.n8n.instance.activate(workflow);
		const form = workflow.nodes.find(({ type }) => type.endsWith('.formTrigger'));
		const { page, context } = await on.newPage({ width: 640, height: 720 });
		await page.goto(`${on.n8n.instance.url}/form/${form?.webhookId ?? ''}`, { waitUntil: 'domcontentloaded' });
		await page.setInputFiles('input[type=file]', sampleVideo);
		await page.selectOption('select', 'Van Gogh');
		await page.fill('textarea', 'thick paint');
		if (drawsPictures) await page.locator('#n8n-form').screenshot({ path: examplePicture('upload-form-page') });
		await page.click('#submit-btn');
		const video = page.locator('video');
		await video.waitFor({ timeout: 120_000 });
		await page.waitForFunction('document.querySelector("video").currentTime > 0');
		if (drawsPictures) await page.locator('.card').screenshot({ path: examplePicture('upload-form-video') });
		expect(on.sandbox.tasks).toMatchObject([{ style: 'van_goph', prompt: 'thick paint' }]);
		expect((await on.n8n.instance.newestExecution(workflow)).status).toBe('success');
		await context.close();
	});
}
