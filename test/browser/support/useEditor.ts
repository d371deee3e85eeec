import type { INodeParameters } from 'n8n-workflow';

import type { RunningBrowser } from '../../../harness/browser/browser';
import { startBrowser } from '../../../harness/browser/browser';
import type { Theme } from '../../../harness/browser/editor';
import { Editor } from '../../../harness/browser/editor';
import type { StoredCredential, StoredWorkflow, WorkflowJson } from '../../../harness/n8n/workflow';
import type { N8nContext } from '../../support/n8n';
import { useN8n } from '../../support/n8n';

/** The name of the node under test in every workflow here. */
export const nodeName = 'HiDream Stylize Video';

/** A video that anybody could fetch; the stand-in never does. */
export const publicVideo = 'https://example.com/clips/harbour.mp4';

/** What a test works with, while it runs. */
export interface InEditor extends N8nContext {
	/** An editor that is logged in; the light one stays for all tests of the file. */
	editor(theme?: Theme): Promise<Editor>;
	/** Stores a workflow: a start, and the node with these parameters. */
	workflow(parameters: INodeParameters, credential?: StoredCredential): Promise<StoredWorkflow>;
	/** Stores a workflow without nodes. */
	emptyWorkflow(): Promise<StoredWorkflow>;
}

/** A start by hand, and the node behind it. */
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

/** Opens a real n8n and a browser for the file it is called in, and a stand-in for each of its tests. */
export function useEditor(): InEditor {
	const on = useN8n();
	const editors = new Map<Theme, Editor>();
	let running: RunningBrowser | undefined;
	beforeAll(async () => {
		running = await startBrowser();
	});
	afterAll(async () => await running?.close());
	return {
		get n8n() {
			return on.n8n;
		},
		get sandbox() {
			return on.sandbox;
		},
		async editor(theme = 'light') {
			if (running === undefined) throw new Error('The browser runs while a test runs, not before.');
			const known = editors.get(theme);
			if (known !== undefined) return known;
			const editor = await Editor.open(running.browser, on.n8n.instance, { theme });
			editors.set(theme, editor);
			return editor;
		},
		async workflow(parameters, credential) {
			const chosen = credential ?? (await on.n8n.credential(on.sandbox));
			return await on.n8n.instance.importWorkflow(manualWorkflow(parameters), [chosen]);
		},
		async emptyWorkflow() {
			return await on.n8n.instance.importWorkflow({ name: 'My workflow', nodes: [], connections: {} });
		},
	};
}
