import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Ledger } from '../../submission/ledger';
import { systemClock } from '../../async/clock';
import { TIMES_OUT } from '../../shared/messages/aboutRuns';
import { sharedAccount } from '../../shared/sharedAccount';
import { limitConcurrency } from '../../async/limitConcurrency';
import type { WaitResult } from '../../polling/taskPoller';
import { onAbort } from '../../async/onAbort';
import { queryTasks } from '../../hidream/queryTasks';
import { readTask } from '../../hidream/status';
import { outputOf, throwIfEnded, type Results } from '../finish';
import { connectionOf } from '../../shared/n8nHttpClient';
import { submissionJson, taskJsonWith, type Accepted, type FailedItem } from '../../shared/output';
import { planOf } from '../plan';
import { resultItem } from '../../video/result';
import { submitAll } from '../submitAll';
import type { WaitPlan } from '../resultSettings';
import { timeoutMsOf } from './suspend';

/** How many videos are downloaded at the same time: one poll may find hundreds of tasks ended. */
const MAX_CONCURRENT_DOWNLOADS = 5;

/** How long before n8n's timeout a run ends, in milliseconds. It does not depend on the time that is left, so that a retry sends nothing either. */
const TIMEOUT_MARGIN_MS = 30_000;

/** The item of a task after the wait. A wait that timed out is not a failure. */
async function itemOf(context: IExecuteFunctions, itemIndex: number, plan: WaitPlan, task: Accepted, waited: WaitResult, cancel: AbortSignal): Promise<{ item: INodeExecutionData } | { failed: FailedItem }> {
	const json = submissionJson(task, plan.submission.styleOptions);
	if (waited.end === 'ended') {
		const delivery = { settings: plan.more.result, sameMachine: plan.account.sameMachine, cancel };
		return await resultItem(context, itemIndex, waited.state, delivery, json);
	}
	const seen = taskJsonWith(waited.state ?? readTask(task.taskId, []), json);
	return { item: { json: { ...seen, status: 'timed_out' }, pairedItem: { item: itemIndex } } };
}

/**
 * Submits and waits at the same time: as a task ends the next one is submitted, and all tasks that run are
 * queried in one batch request per poll interval. n8n drops all items of an execution that it cancels: shortly before
 * its timeout, nothing more is sent, and the items are returned as they are.
 */
export async function waitByPolling(context: IExecuteFunctions, plans: Array<WaitPlan | FailedItem>, ledger: Ledger): Promise<INodeExecutionData[][]> {
	const ended = new AbortController();
	const forget = onAbort(context.getExecutionCancelSignal(), () => ended.abort());
	let isLate = false;
	const onTimeout = () => {
		isLate = !ended.signal.aborted;
		ended.abort();
	};
	const leftMs = timeoutMsOf(context) - TIMEOUT_MARGIN_MS;
	if (leftMs <= 0) onTimeout();
	else if (leftMs < Infinity) void systemClock.sleep(leftMs, ended.signal).then(onTimeout);
	const results: Results = { done: new Map(), failed: new Map() };
	const waits: Array<Promise<void>> = [];
	const inTurn = limitConcurrency(MAX_CONCURRENT_DOWNLOADS);
	const finishTask = async (i: number, plan: WaitPlan, task: Accepted) => {
		try {
			const { account, more } = plan;
			const waited = await sharedAccount(account.key).taskPoller.wait(task.taskId, {
				queryTasks: async (taskIds) => await queryTasks(connectionOf(context, account), { cancel: ended.signal }, taskIds),
				...more,
				signal: ended.signal,
			});
			if (waited.end === 'cancelled' && !isLate) return;
			// The next task can run during a download. A failed task may end the run, so it keeps its slot until then, and waits for no download.
			if (waited.state?.status === 'succeeded') task.ended();
			const finish = async () => await itemOf(context, i, plan, task, waited, ended.signal);
			const result = waited.state?.status === 'succeeded' ? await inTurn(finish) : await finish();
			if ('item' in result) results.done.set(i, result.item);
			else results.failed.set(i, result.failed);
			if ('failed' in result && !context.continueOnFail()) ended.abort();
		} finally {
			task.ended();
		}
	};
	try {
		const { submitted, failed, endedBy } = await submitAll(context, plans, ledger, {
			keepsParallel: true,
			stop: ended.signal,
			onAccepted: (i, task) => {
				const plan = planOf(plans, i);
				if (plan) waits.push(finishTask(i, plan, task));
			},
		});
		Object.assign(results, { submitted, endedBy });
		failed.forEach((failure, i) => results.failed.set(i, failure));
		if (isLate) plans.forEach((_, i) => submitted.has(i) || failed.has(i) || results.failed.set(i, { status: 'not_tried', errorInfo: TIMES_OUT }));
		if (results.failed.size > 0) throwIfEnded(context, results, ledger);
		for (const [i, outcome] of submitted) {
			const plan = planOf(plans, i);
			if (plan && outcome.kind !== 'accepted') {
				results.done.set(i, { json: submissionJson(outcome, plan.submission.styleOptions), pairedItem: { item: i } });
			}
		}
		await Promise.all(waits);
		throwIfEnded(context, results, ledger);
		return outputOf(context, results);
	} finally {
		ended.abort();
		forget();
		await Promise.all(waits);
	}
}
