import type { INode, INodeConnections, INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import type { WorkflowJson } from '../../harness/n8n/workflow';

/** A node of a chain, without its position. */
export type Step = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> & Partial<INode>;

/** A node of any type. */
export const step = (name: string, type: string, parameters: INodeParameters, more: Partial<INode> = {}): Step => ({
	name,
	type,
	typeVersion: 1,
	parameters,
	...more,
});

/** A Mark node that calls a URL. */
export const markStep = (name: string, url: string): Step => step(name, 'n8n-nodes-hidream-bench.mark', { url });

/** Reads the file named by `file` in the webhook call into n8n's binary store. */
export const readFileStep = (): Step =>
	step('File', 'n8n-nodes-base.readWriteFile', { fileSelector: '={{ $json.body.file }}', options: {} });

/** This node, with the credential of the fake HiDream server. */
export const hidreamStep = (parameters: INodeParameters): Step =>
	step('HiDream', 'n8n-nodes-hidream.stylizeVideo', parameters, { credentials: { hiDreamApi: { id: null, name: '' } } });

/**
 * A webhook, followed by a chain of nodes.
 * @param responses when the webhook responds: after the last node, or before the first
 */
export function chain(path: string, steps: readonly Step[], responses: 'atEnd' | 'immediately' = 'atEnd'): WorkflowJson {
	const response = responses === 'atEnd' ? { responseMode: 'lastNode', responseData: 'noData' } : { responseMode: 'onReceived' };
	const hook = { httpMethod: 'POST', path, ...response };
	const webhook = step('Webhook', 'n8n-nodes-base.webhook', hook, { typeVersion: 2, webhookId: path });
	const nodes = [webhook, ...steps].map((node, i): INode => ({ ...node, id: randomUUID(), position: [i * 200, 0] }));
	const links = nodes.slice(1).map(({ name }, i) => {
		const connections: INodeConnections = { main: [[{ node: name, type: 'main', index: 0 }]] };
		return [nodes[i]?.name ?? '', connections] as const;
	});
	return { name: path, nodes, connections: Object.fromEntries(links), settings: { executionOrder: 'v1' } };
}
