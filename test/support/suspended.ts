/** Runs that are suspended until HiDream calls back. */
import type { INodeParameters } from 'n8n-workflow';

import type { StoredExecution } from '../../harness/n8n/execution';
import { executionSuspended, newestExecution } from '../../harness/n8n/execution';
import type { N8nContext } from './n8n';
import { until } from './n8n';
import { byUrl, hidreamName, videoItem } from './workflows';

/** Parameters of a Submit and Wait by callback, fed by `videoItem`. */
export const byCallback: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'callback' };

/** Starts an execution of this many videos and waits until n8n has suspended it; returns its ID. */
export async function suspendedRun({ n8n, sandbox }: N8nContext, count: number, more: INodeParameters = {}): Promise<string> {
	const workflow = await n8n.workflow(await n8n.credential(sandbox), { parameters: { ...byCallback, ...more }, suspends: true });
	const before = sandbox.tasks.length;
	await n8n.instance.callWebhook(workflow.name, { items: Array.from({ length: count }, (_, i) => videoItem(i + 1)) });
	await until('all are submitted', () => sandbox.tasks.length === before + count);
	const id = await newestExecution(n8n.instance.rest, workflow.id);
	await executionSuspended(n8n.instance.rest, id);
	return id;
}

/** Asserts that the node ran once, and that its output has every task with this status, in order, paired with its input. */
export function expectOutputs({ sandbox }: N8nContext, execution: StoredExecution, status: string): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.runs(hidreamName)).toHaveLength(1);
	const items = execution.items(hidreamName);
	expect(items.map(({ json, pairedItem }) => [json['task_id'], json['prompt'], json['status'], pairedItem])).toEqual(
		sandbox.tasks.map(({ taskId, prompt }, item) => [taskId, prompt, status, { item }]),
	);
}
