import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { systemClock } from '../../batch/clock';
import { ledgerOf } from '../ledger';
import { pacerFor } from '../../batch/pacers';
import { runPool } from '../../batch/pool';
import { submitItem } from '../../batch/submission';
import type { Outcome } from '../../batch/submission';
import { cancelledError, runError } from '../errors';
import { submitOptions } from '../options';
import { alreadySubmittedItem, failedItem, submittedItem } from '../output';
import type { Failed } from '../output';
import { videoParameters } from '../parameters';
import { isPlan, planAll } from '../plan';

export const parameters: INodeProperties[] = [...videoParameters(['submit']), submitOptions(['submit'])];

/** The failure in an outcome; undefined when the item is done. */
function failureIn(outcome: Outcome): Failed | undefined {
	if (outcome.kind !== 'refused' && outcome.kind !== 'uncertain') return undefined;
	return { status: outcome.kind, problem: outcome.problem, requestId: outcome.requestId };
}

function log({ logger }: IExecuteFunctions, itemIndex: number, outcome: Outcome): void {
	if (outcome.kind === 'accepted' && outcome.fresh) {
		logger.info(`HiDream accepted task ${outcome.taskId} (item ${itemIndex}, request_id ${outcome.requestId})`);
	} else if (outcome.kind === 'uncertain') {
		logger.warn(`HiDream may have accepted item ${itemIndex} (request_id ${outcome.requestId})`);
	}
}

/**
 * Submits one task per input item: all items are checked before the first one is sent, each is sent at most
 * once, and each output is paired with its input.
 * @throws NodeApiError or NodeOperationError for the first item that failed, unless the node continues on fail
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const goesOn = context.continueOnFail();
	const signal = context.getExecutionCancelSignal();
	const ledger = ledgerOf(context);
	const plans = await planAll(context, ledger);
	const failed = new Map<number, Failed>();
	plans.forEach((plan, i) => !isPlan(plan) && failed.set(i, plan));
	const done = new Map<number, INodeExecutionData>();
	const endRun = (itemIndex: number, failure: Failed) => {
		const notTried = plans.length - done.size - failed.size;
		return runError(node, itemIndex, failure, { acceptedTaskIds: ledger.acceptedTaskIds(), notTried });
	};
	for (const [i, failure] of failed) if (!goesOn) throw endRun(i, failure);

	let ended: Failed | undefined;
	await runPool(plans.length, plans.find(isPlan)?.concurrency ?? 1, async (i) => {
		const plan = plans[i];
		if (!plan || !isPlan(plan)) return 'go on';
		const tools = { ledger, pacer: pacerFor(plan.account.key), clock: systemClock, signal };
		const outcome = await submitItem(plan.submission, tools);
		log(context, i, outcome);
		if (outcome.kind === 'cancelled' || signal?.aborted) return 'stop';
		const failure = failureIn(outcome);
		if (failure) failed.set(i, failure);
		else if (outcome.kind === 'accepted') done.set(i, submittedItem(i, { ...outcome, ...plan }));
		else done.set(i, alreadySubmittedItem(i, plan));
		if (outcome.kind === 'refused' && outcome.stopsRun) ended = failure;
		return ended || (failure && !goesOn) ? 'stop' : 'go on';
	});

	if (signal?.aborted) throw cancelledError(node, ledger.acceptedTaskIds());
	const first = [...failed].sort(([a], [b]) => a - b)[0];
	if (first && !goesOn) throw endRun(...first);
	const notTried: Failed = {
		status: 'not_tried',
		problem: { what: `Not tried, because an earlier item ended the run: ${ended?.problem.what}`, advice: ended?.problem.advice ?? '' },
	};
	return [plans.map((_, i) => done.get(i) ?? failedItem(i, failed.get(i) ?? notTried))];
}
