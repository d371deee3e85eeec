/** The tasks of a suspended execution: ending them, and checks of the execution's output. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { StoredExecution } from '../../../harness/n8n/execution';
import type { Sandbox } from '../../../sandbox';
import { byUrl, hidreamName } from '../../support/workflows';
import type { QueueContext } from './queue';

/** Parameters of a Submit and Wait by polling, fed by `videoItem`. */
export const byPolling: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options: { pollInterval: 2 } };

/** Ends all running tasks successfully, and the fake HiDream server calls back. */
export function settleAll({ tasks, settle }: Sandbox): void {
	for (const { taskId, endedAt } of tasks) if (endedAt === null) settle(taskId, 'succeeded');
}

/** The number of requests to an endpoint. */
export const requestsTo = ({ requests }: Sandbox, wanted: string): number => requests.filter(({ endpoint }) => endpoint === wanted).length;

/** Asserts that the node ran once, and that its output is all tasks of the fake HiDream server, succeeded and in order. */
export function expectAllSucceeded({ tasks }: Sandbox, execution: StoredExecution): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.runs(hidreamName)).toHaveLength(1);
	const items = execution.items(hidreamName);
	expect(items.map(({ json }) => [json['task_id'], json['prompt'], json['status']])).toEqual(
		tasks.map(({ taskId, prompt }) => [taskId, prompt, 'succeeded']),
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
}

/** Asserts that the wait timed out, and that the output has the IDs of all tasks of the fake HiDream server. */
export function expectAllTimedOut({ tasks }: Sandbox, execution: StoredExecution): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.json(hidreamName).map(({ task_id, status }) => [task_id, status])).toEqual(
		tasks.map(({ taskId }) => [taskId, 'timed_out']),
	);
}

/** The output of Get Result for these tasks, in a separate execution. */
export async function resultsOf({ n8n, sandbox }: QueueContext, taskIds: readonly string[]): Promise<IDataObject[]> {
	const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
	const execution = await n8n.instance.execution(await n8n.started(sandbox, parameters, taskIds.map((id) => ({ id }))));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	return execution.json(hidreamName);
}
