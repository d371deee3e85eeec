import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Ledger } from '../../submission/ledger';
import { queryTasks } from '../../hidream/queryTasks';
import { hasEnded, readTask, type TaskState } from '../../hidream/status';
import type { Account } from '../account';
import { outputOf, throwIfEnded } from '../finish';
import { obstacleInfo } from '../../shared/messages/aboutRuns';
import { connectionOf } from '../../shared/n8nHttpClient';
import { submissionJson, taskJsonWith, type FailedItem } from '../../shared/output';
import { failAll, isPlan, planOf } from '../plan';
import { submitAll, type Batch } from '../submitAll';
import { keepSuspended, outputOfSuspended, storeSuspendedItems, type SuspendedItem } from './suspendedItems';
import { waitByPolling } from './polling';
import type { WaitPlan } from '../resultSettings';
import { findSuspendObstacle, waitMs } from './suspend';

/** The field of n8n's context data that names the execution which submitted first. */
const SUBMITTED_BY = 'hiDreamSubmittedBy';

/**
 * Whether tasks of this run call another execution: after a user's Retry of a failed run the accepted ones
 * still name the failed execution, which can no longer be resumed.
 */
function callElsewhere(context: IExecuteFunctions, { submitted }: Batch): boolean {
	const contextData = context.getContext('node');
	contextData[SUBMITTED_BY] ??= context.getExecutionId();
	const earlier = [...submitted.values()].some((outcome) => outcome.kind === 'accepted' && !outcome.fresh);
	return earlier && contextData[SUBMITTED_BY] !== context.getExecutionId();
}

/** The items to suspend. Each says that it is not finished, since n8n returns them as they are if the wait times out. */
function suspendedItemsOf(context: IExecuteFunctions, plans: Array<WaitPlan | FailedItem>, batch: Batch): SuspendedItem[] {
	const [rest] = outputOf(context, { done: new Map(), ...batch });
	return plans.map((_, i): SuspendedItem => {
		const plan = planOf(plans, i);
		const outcome = batch.submitted.get(i);
		if (!plan || !outcome) return { json: rest?.[i]?.json ?? {} };
		const json = submissionJson(outcome, plan.submission.styleOptions);
		return outcome.kind === 'accepted' ? { json, task: { id: outcome.taskId, settings: plan.more.result } } : { json };
	});
}

const timedOut = ({ json, task }: SuspendedItem, itemIndex: number): INodeExecutionData => ({
	json: task ? { ...taskJsonWith(readTask(task.id, []), json), status: 'timed_out' } : json,
	pairedItem: { item: itemIndex },
});

/**
 * The output when every task has ended already: the callbacks of tasks that end while others are still being
 * submitted find an execution that is not suspended and are lost. Undefined while a task runs.
 */
async function outputNow(context: IExecuteFunctions, items: SuspendedItem[], account: Account): Promise<INodeExecutionData[] | undefined> {
	const cancel = context.getExecutionCancelSignal();
	const taskIds = items.flatMap(({ task }) => (task ? [task.id] : []));
	const results = await queryTasks(connectionOf(context, account), { cancel }, taskIds);
	const ended = new Map<string, TaskState>();
	for (const [id, result] of results) {
		if (!('state' in result) || !hasEnded(result.state.status)) return undefined;
		ended.set(id, result.state);
	}
	return await outputOfSuspended(context, items, ended, { sameMachine: account.sameMachine, cancel });
}

/**
 * Submits all items and suspends the execution until HiDream has called for the last of them. A suspended execution holds
 * no worker and no memory, and survives a restart of n8n. `webhook()` resumes it.
 * @param resumeUrl the URL that HiDream calls, from `resumeUrlOf`
 * @throws NodeApiError or NodeOperationError for the first item that failed, unless the node continues on fail; that it
 *   cannot be suspended fails all items before anything is submitted
 */
export async function waitByCallback(context: IExecuteFunctions, plans: Array<WaitPlan | FailedItem>, ledger: Ledger, resumeUrl: string): Promise<INodeExecutionData[][]> {
	const obstacle = await findSuspendObstacle(context, plans.filter(isPlan), resumeUrl);
	if (obstacle) {
		const failed = new Map(failAll(context, ledger, { status: 'invalid', errorInfo: obstacleInfo(obstacle) }).entries());
		throwIfEnded(context, { done: new Map(), failed }, ledger);
		return outputOf(context, { done: new Map(), failed });
	}
	const account = plans.find(isPlan)?.account;
	const batch = await submitAll(context, plans, ledger, { keepsParallel: false });
	const elsewhere = callElsewhere(context, batch);
	throwIfEnded(context, { done: new Map(), ...batch }, ledger);
	if (elsewhere) return await waitByPolling(context, plans, ledger);
	const items = suspendedItemsOf(context, plans, batch);
	const now = account && items.some(({ task }) => task) ? await outputNow(context, items, account) : items.map(timedOut);
	if (now) return [now];
	storeSuspendedItems(context, items);
	const waiting = items.map(timedOut);
	const maxWaitMs = plans.filter(isPlan).reduce((most, { more }) => Math.max(most, more.maxWaitMs), 0);
	const executeData = context.getExecuteData();
	keepSuspended(executeData, waiting);
	// A copy: n8n resumes the execution with this node disabled, and later calls of an AI agent share the node.
	executeData.node = { ...executeData.node };
	await context.putExecutionToWait(new Date(Date.now() + waitMs(context, maxWaitMs)));
	return [waiting];
}
