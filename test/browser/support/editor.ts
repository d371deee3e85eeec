import type { INodeParameters } from 'n8n-workflow';

import type { RunningBrowser } from '../../../harness/browser/browser';
import { startBrowser } from '../../../harness/browser/browser';
import type { BrowserContext, EditorOptions, Page, Theme } from '../../../harness/browser/editor';
import { Editor, timeoutMs } from '../../../harness/browser/editor';
import type { StoredCredential, StoredWorkflow, WorkflowJson } from '../../../harness/n8n/workflow';
import { example } from '../../../scripts/demo/examples';
import type { N8nContext } from '../../support/n8n';
import { useN8n } from '../../support/n8n';

/** The name of this node in every workflow here. */
export const nodeName = 'HiDream Stylize Video';

/** A public video; the fake HiDream server never fetches it. */
export const publicVideo = 'https://example.com/clips/harbour.mp4';

/** Whether this run takes the pictures in `docs/`: `npm run docs:pictures`. */
export const drawsPictures = process.env['UPDATE_DOCS'] === '1';

/** The context of a test. */
export interface EditorContext extends N8nContext {
	/** An editor with its owner signed in; one for each theme, for all tests of the file. */
	editor(theme?: Theme): Promise<Editor>;
	/** Another editor, which the test closes. */
	newEditor(options: EditorOptions): Promise<Editor>;
	/** A tab without n8n's editor; the test closes its `context`. */
	newPage(size: { width: number; height: number }): Promise<{ page: Page; context: BrowserContext }>;
	/** Stores a workflow: a manual trigger, and the node with these parameters. */
	workflow(parameters: INodeParameters, credential?: StoredCredential): Promise<StoredWorkflow>;
	/** Stores a workflow without nodes. */
	emptyWorkflow(): Promise<StoredWorkflow>;
	/** Stores an example workflow with a credential for each of its nodes. */
	example(file: string): Promise<StoredWorkflow>;
}

function manualWorkflow(parameters: INodeParameters): WorkflowJson {
	const start = 'When clicking ‘Execute workflow’';
	const node = { typeVersion: 1, parameters: {} };
	return {
		name: 'Restyle a video',
		nodes: [
			{ ...node, id: 'start', name: start, type: 'n8n-nodes-base.manualTrigger', position: [0, 0] },
			{
				...node,
				id: 'hidream',
				name: nodeName,
				type: 'n8n-nodes-hidream.stylizeVideo',
				position: [224, 0],
				parameters,
				credentials: { hiDreamApi: { id: null, name: '' } },
			},
		],
		connections: { [start]: { main: [[{ node: nodeName, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/** Starts a real n8n and a browser for the file, and a fake HiDream server for each test. */
export function useEditor(): EditorContext {
	const on = useN8n();
	const editors = new Map<Theme, Editor>();
	let running: RunningBrowser | undefined;
	beforeAll(async () => {
		running = await startBrowser();
	});
	afterAll(async () => await running?.close());

	const browser = () => {
		if (running === undefined) throw new Error('The browser runs only during a test.');
		return running.browser;
	};
	const newEditor = async (options: EditorOptions): Promise<Editor> => await Editor.open(browser(), on.n8n.instance, options);

	return {
		get n8n() {
			return on.n8n;
		},
		get sandbox() {
			return on.sandbox;
		},
		async editor(theme = 'light') {
			const editor = editors.get(theme) ?? (await newEditor({ theme }));
			editors.set(theme, editor);
			return editor;
		},
		newEditor,
		async newPage(viewport) {
			const context = await browser().newContext({ viewport });
			context.setDefaultTimeout(timeoutMs);
			return { context, page: await context.newPage() };
		},
		async workflow(parameters, credential) {
			const chosen = credential ?? (await on.n8n.credential(on.sandbox));
			return await on.n8n.instance.importWorkflow(manualWorkflow(parameters), [chosen]);
		},
		async emptyWorkflow() {
			return await on.n8n.instance.importWorkflow({ name: 'My workflow', nodes: [], connections: {} });
		},
		async example(file) {
			const model = { name: 'OpenAI', type: 'openAiApi', data: { apiKey: 'none', url: on.sandbox.url, header: false } };
			const credentials = [await on.n8n.credential(on.sandbox), await on.n8n.instance.importCredential(model)];
			return await on.n8n.instance.importWorkflow(await example(file, {}), credentials);
		},
	};
}
