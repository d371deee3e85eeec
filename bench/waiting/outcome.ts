import type { IDataObject } from 'n8n-workflow';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import type { ServiceState } from '../machine/service';
import { LAST } from './ways';

const DONE = 1;

/** The task of a result and whether it succeeded, from this node's output or the service's response. */
function resultOf(json: IDataObject): { taskId: unknown; succeeded: boolean } {
	if (typeof json['task_id'] === 'string') return { taskId: json['task_id'], succeeded: json['status'] === 'succeeded' };
	const { task_id: taskId, sub_task_results: subTasks } = json['result'] as { task_id: string; sub_task_results: Array<{ task_status: number }> };
	return { taskId, succeeded: subTasks.every(({ task_status: status }) => status === DONE) };
}

/** Throws unless every task was submitted once and has one result, a success. */
export function assertNoneLost(results: readonly IDataObject[], { tasks, requests }: ServiceState, count: number): void {
	if (requests.submit !== count || tasks.length !== count) throw new Error(`${requests.submit} submits created ${tasks.length} tasks; expected ${count}`);
	const succeeded = new Set(results.map(resultOf).filter((result) => result.succeeded).map(({ taskId }) => taskId));
	const lost = tasks.filter(({ taskId }) => !succeeded.has(taskId));
	if (lost.length > 0 || results.length !== count) throw new Error(`${lost.length} of ${count} tasks did not succeed, of ${results.length} results`);
}

/** n8n's maximum page size. */
const MAX_PAGE_SIZE = 100;

interface Page {
	results: Array<{ id: string }>;
	/** Cursor of the next page; null on the last one. */
	nextCursor: string | null;
}

/** The IDs of all executions of a workflow. */
async function executionsOf({ rest }: N8nInstance, { id }: StoredWorkflow): Promise<string[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
	const found: string[] = [];
	for (let cursor: string | null = ''; cursor !== null; ) {
		const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
		const { results, nextCursor }: Page = await rest.call<Page>('GET', `/executions?filter=${filter}&limit=${MAX_PAGE_SIZE}${after}`);
		found.push(...results.map((execution) => execution.id));
		cursor = nextCursor;
	}
	return found;
}

/** The outputs of all runs of a workflow. */
export async function waitedResults(n8n: N8nInstance, workflow: StoredWorkflow, runs: number): Promise<IDataObject[]> {
	const executions = await executionsOf(n8n, workflow);
	if (executions.length !== runs) throw new Error(`${runs} calls made ${executions.length} runs`);
	const found: IDataObject[] = [];
	for (const id of executions) found.push(...(await n8n.execution(id)).json(LAST));
	return found;
}
