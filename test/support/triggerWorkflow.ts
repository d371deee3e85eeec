import type { INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import type { StoredExecution } from '../../harness/n8n/execution';
import { executionIds } from '../../harness/n8n/execution';
import type { StoredWorkflow, WorkflowJson } from '../../harness/n8n/workflow';
import type { N8nContext } from './n8n';
import { until } from './n8n';

/** The name of the trigger in every workflow here. */
export const triggerName = 'HiDream Stylize Video Trigger';

/** The trigger alone; its production URL is `/webhook/<id>/webhook`. */
export function triggerWorkflow(id: string, parameters: INodeParameters): WorkflowJson {
	return {
		name: id,
		nodes: [
			{
				id,
				webhookId: id,
				name: triggerName,
				type: 'n8n-nodes-hidream.stylizeVideoTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters,
				credentials: { hiDreamApi: { id: null, name: '' } },
			},
		],
		connections: {},
		settings: { executionOrder: 'v1' },
	};
}

/** Stores and activates a workflow that starts with the trigger; returns it and the trigger's production URL. */
export async function activeTrigger({ n8n, sandbox }: N8nContext, parameters: INodeParameters = {}): Promise<{ workflow: StoredWorkflow; url: string }> {
	const id = randomUUID();
	const workflow = await n8n.instance.importWorkflow(triggerWorkflow(id, parameters), [await n8n.credential(sandbox)]);
	await n8n.instance.activate(workflow);
	return { workflow, url: `${n8n.instance.url}/webhook/${id}/webhook` };
}

/** Every execution of the workflow, ended, oldest first. */
export async function executionsOf({ n8n }: N8nContext, { id }: StoredWorkflow): Promise<StoredExecution[]> {
	const ids = await executionIds(n8n.instance.rest, id);
	return await Promise.all(ids.reverse().map(async (found) => await n8n.instance.execution(found)));
}

/** Waits until the workflow has this many executions, and asserts that all succeeded and that no more follow within a second. */
export async function expectStarted(on: N8nContext, workflow: StoredWorkflow, count: number): Promise<StoredExecution[]> {
	await until(`${count} executions`, async () => (await executionsOf(on, workflow)).length >= count);
	await sleep(1_000);
	const all = await executionsOf(on, workflow);
	expect(all.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'success'));
	return all;
}

/** Calls a URL like HiDream; returns the status of the response. */
export async function callBack(url: string, body: unknown): Promise<number> {
	const headers = { 'content-type': 'application/json' };
	const response = await request(url, { method: 'POST', headers, body: JSON.stringify(body) });
	await response.body.dump();
	return response.statusCode;
}
