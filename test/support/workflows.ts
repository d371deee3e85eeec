import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../harness/n8n/workflow';

/** The name of this node in every workflow here. */
export const hidreamName = 'HiDream';

/** The node after its error output. */
export const failedName = 'Failed';

let counter = 0;

function node(name: string, type: string, parameters: INodeParameters, more: Partial<INode> = {}): INode {
	counter += 1;
	return { id: `node-${counter}`, name, type, typeVersion: 1, position: [counter * 20, 0], parameters, ...more };
}

/** The settings of this node: its parameters, and n8n's own settings of a node (`onError`, `retryOnFail` …). */
export interface Setup {
	parameters: INodeParameters;
	settings?: Partial<INode>;
	/** Reads each item's `filePath` from disk before the node. */
	readFile?: boolean;
	/** The webhook responds immediately, since the execution will be suspended. */
	suspends?: boolean;
}

/** The parameters with Concurrency 1, unless they set it: HiDream then gets the requests in the order of the items. */
function inOrder(parameters: INodeParameters): INodeParameters {
	const submits = parameters['operation'] === 'submit' || parameters['operation'] === 'submitAndWait';
	return submits ? { ...parameters, options: { concurrency: 1, ...(parameters['options'] as INodeParameters | undefined) } } : parameters;
}

/** Webhook → one item per element of the body's `items` → (file) → this node → on error: "Failed". */
export function webhookWorkflow(path: string, { parameters, settings, readFile, suspends }: Setup): WorkflowJson {
	const response = suspends ? { responseMode: 'onReceived' } : { responseMode: 'lastNode', responseData: 'allEntries' };
	const hook = { httpMethod: 'POST', path, ...response };
	const file = { operation: 'read', fileSelector: '={{ $json.filePath }}', options: {} };
	const chain = [
		node('Webhook', 'n8n-nodes-base.webhook', hook, { typeVersion: 2, webhookId: path }),
		node('Items', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body.items', options: {} }),
		...(readFile ? [node('File', 'n8n-nodes-base.readWriteFile', file)] : []),
		node(hidreamName, 'n8n-nodes-hidream.stylizeVideo', inOrder(parameters), {
			credentials: { hiDreamApi: { id: null, name: '' } },
			...settings,
		}),
	];
	const links = chain.slice(1).map(({ name }, index) => [chain[index]?.name ?? '', [{ node: name, type: 'main' as const, index: 0 }]] as const);
	const failed = node(failedName, 'n8n-nodes-base.noOp', {});
	return {
		name: path,
		nodes: [...chain, failed],
		connections: {
			...Object.fromEntries(links.map(([from, to]) => [from, { main: [[...to]] }])),
			[hidreamName]: { main: [[], [{ node: failedName, type: 'main' as const, index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	};
}

/** An item with a video URL, its style and its number. */
export function videoItem(number: number, more: IDataObject = {}): IDataObject {
	return { number, videoUrl: `https://example.com/video-${number}.mp4`, ...more };
}

/** Parameters of a Submit by URL, fed by `videoItem`. */
export const byUrl: INodeParameters = {
	operation: 'submit',
	inputType: 'url',
	videoUrl: '={{ $json.videoUrl }}',
	style: 'anime',
	prompt: '=video {{ $json.number }}',
	options: {},
};

/** Parameters of a Submit of the file in the item's binary field "data". */
export const byFile: INodeParameters = {
	operation: 'submit',
	inputType: 'binary',
	binaryPropertyName: 'data',
	style: 'ink_wash',
	prompt: '',
	options: {},
};
