/** The tasks of one sleeping execution: ending them, and what must come of it. */
import type { Execution } from '../../../harness/n8n/execution';
import type { Sandbox } from '../../../sandbox';
import { hidreamName } from '../../support/workflows';

/** Every task of the stand-in succeeds now, and it calls back. */
export function settleAll({ tasks, settle }: Sandbox): void {
	for (const { taskId, endedAt } of tasks) if (endedAt === null) settle(taskId, 'succeeded');
}

/** Asserts that the node ran once, and that what came out are all tasks of the stand-in, done, in order. */
export function expectAllSucceeded({ tasks }: Sandbox, execution: Execution): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.runs(hidreamName)).toHaveLength(1);
	const items = execution.items(hidreamName);
	expect(items.map(({ json }) => [json['task_id'], json['prompt'], json['status']])).toEqual(
		tasks.map(({ taskId, prompt }) => [taskId, prompt, 'succeeded']),
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
}

/** Asserts that the wait ran out, and that the IDs of all tasks of the stand-in came out. */
export function expectAllTimedOut({ tasks }: Sandbox, execution: Execution): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(execution.json(hidreamName).map(({ task_id, status }) => [task_id, status])).toEqual(
		tasks.map(({ taskId }) => [taskId, 'timed_out']),
	);
}
