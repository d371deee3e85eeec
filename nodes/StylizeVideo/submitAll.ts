import type { IExecuteFunctions } from 'n8n-workflow';
import { systemClock } from '../batch/clock';
import type { Ledger } from '../batch/ledger';
import { runPool } from '../batch/pool';
import { sharedAccount } from '../batch/sharedAccount';
import { submitItem } from '../batch/submission';
import type { Outcome } from '../batch/submission';
import type { Accepted, Failed, Submitted } from './output';
import { failedPlans, isPlan, planOf } from './plan';
import type { Plan } from './plan';

/** What became of each item; one that is missing was not tried. */
export interface Batch {
	submitted: Map<number, Submitted>;
	failed: Map<number, Failed>;
	/** The failure after which nothing else was tried, if there was one. */
	endedBy?: Failed;
}

export interface BatchSettings {
	/** Keeps how many tasks run at once: only where the end of each is waited for. */
	keepsParallel: boolean;
	/** Fires, also when the execution is cancelled, when nothing new is to be submitted. */
	stop?: AbortSignal;
	/** Told of each accepted task at once, while others are still being sent. */
	onAccepted?: (itemIndex: number, accepted: Accepted) => void;
}

function log({ logger }: IExecuteFunctions, itemIndex: number, outcome: Outcome): void {
	if (outcome.kind === 'accepted' && outcome.fresh) {
		logger.info(`HiDream accepted task ${outcome.taskId} (item ${itemIndex}, request_id ${outcome.requestId})`);
	} else if (outcome.kind === 'uncertain') {
		logger.warn(`HiDream may have accepted item ${itemIndex} (request_id ${outcome.requestId})`);
	}
}

/**
 * Takes up what an earlier try submitted, before anything new is sent: these tasks run all the while and hold
 * their places, and a new item must not wait for a place that nobody would give back.
 * @returns the items that are left to be submitted
 */
async function takeUpEarlier(
	plans: Array<Plan | Failed>,
	tools: { ledger: Ledger; keepsParallel: boolean },
	take: (itemIndex: number, accepted: Accepted) => void,
): Promise<number[]> {
	const left: number[] = [];
	for (const [i, plan] of plans.entries()) {
		if (!isPlan(plan)) continue;
		const { rate, parallel } = sharedAccount(plan.account.key);
		const isEarlier = tools.ledger.read(plan.submission.key)?.state === 'accepted';
		const known = isEarlier && (await submitItem(plan.submission, { ledger: tools.ledger, rate, clock: systemClock }));
		if (known && known.kind === 'accepted') {
			take(i, { ...known, place: tools.keepsParallel ? parallel.occupy() : undefined });
		} else left.push(i);
	}
	return left;
}

/**
 * Submits every item that has a plan, each at most once. It stops starting new ones when the run is cancelled,
 * when an item failed and the node does not continue on fail, and when the service says that no other item
 * would fare better; what is under way is always awaited.
 */
export async function submitAll(
	context: IExecuteFunctions,
	plans: Array<Plan | Failed>,
	ledger: Ledger,
	{ keepsParallel, stop, onAccepted }: BatchSettings,
): Promise<Batch> {
	const signal = context.getExecutionCancelSignal();
	const goesOn = context.continueOnFail();
	const batch: Batch = { submitted: new Map(), failed: failedPlans(plans) };
	const left = await takeUpEarlier(plans, { ledger, keepsParallel }, (i, accepted) => {
		batch.submitted.set(i, accepted);
		onAccepted?.(i, accepted);
	});
	await runPool(left.length, plans.find(isPlan)?.concurrency ?? 1, async (next) => {
		const i = left[next] ?? -1;
		const plan = planOf(plans, i);
		if (!plan) return 'go on';
		const { rate, parallel } = sharedAccount(plan.account.key);
		const tools = { ledger, rate, parallel: keepsParallel ? parallel : undefined, clock: systemClock, signal, stop };
		const outcome = await submitItem(plan.submission, tools);
		log(context, i, outcome);
		if (outcome.kind === 'accepted') onAccepted?.(i, outcome);
		if (outcome.kind === 'refused' || outcome.kind === 'uncertain') {
			const failed: Failed = { status: outcome.kind, problem: outcome.problem, requestId: outcome.requestId };
			batch.failed.set(i, failed);
			if (!goesOn || (outcome.kind === 'refused' && outcome.stopsRun)) batch.endedBy ??= failed;
		} else if (outcome.kind !== 'cancelled') {
			batch.submitted.set(i, outcome);
		}
		return batch.endedBy || signal?.aborted || stop?.aborted ? 'stop' : 'go on';
	});
	return batch;
}
