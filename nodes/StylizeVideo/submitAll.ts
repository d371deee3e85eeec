import type { IExecuteFunctions } from 'n8n-workflow';
import { systemClock } from '../async/clock';
import type { Ledger } from '../submission/ledger';
import { limitConcurrency } from '../async/limitConcurrency';
import { errorInfoOf } from '../shared/messages/aboutErrors';
import { LOG } from '../shared/messages/aboutRuns';
import { sharedAccount } from '../shared/sharedAccount';
import { earlierOutcome, submitItem } from '../submission/submitItem';
import { mentionedTaskId } from '../submission/reasons';
import type { Outcome, Tools } from '../submission/submission';
import { onAbort } from '../async/onAbort';
import type { Accepted, FailedItem, Submitted } from '../shared/output';
import { failedPlans, isPlan, type Plan } from './plan';

/** What became of each item; one that is missing was not tried. */
export interface Batch {
	submitted: Map<number, Submitted>;
	failed: Map<number, FailedItem>;
	/** The failure after which nothing else was tried, if there was one. */
	endedBy?: FailedItem;
}

export interface BatchSettings {
	/** Keeps how many tasks run concurrently: only where the end of each is waited for. */
	keepsParallel: boolean;
	/** Fires, also when the execution is cancelled, when nothing new is to be submitted. */
	stop?: AbortSignal;
	/** Called with each accepted task immediately, while others are still being sent. */
	onAccepted?: (itemIndex: number, accepted: Accepted) => void;
}

/** Whether nothing else is to be submitted after this outcome of an item. */
const endsRun = (outcome: Outcome, continueOnFail: boolean): boolean =>
	(outcome.kind === 'refused' || outcome.kind === 'uncertain') && (!continueOnFail || outcome.fatal === true);

/**
 * Submits every item that has a plan, each at most once. It stops starting new ones when the run is cancelled,
 * when an item failed and the node does not continue on fail, and when the service says that all other items would fail
 * too: queued items are then not sent. Requests in flight are always awaited.
 */
export async function submitAll(context: IExecuteFunctions, plans: Array<Plan | FailedItem>, ledger: Ledger, { keepsParallel, stop, onAccepted }: BatchSettings): Promise<Batch> {
	const signal = context.getExecutionCancelSignal();
	const continueOnFail = context.continueOnFail();
	// Level info, n8n's default: after a crash these lines are all that is left of the tasks.
	const log = (line: string) => context.logger.info(line);
	const batch: Batch = { submitted: new Map(), failed: failedPlans(plans) };
	const over = new AbortController();
	const forget = onAbort(stop ?? signal, () => over.abort());
	const toolsFor = (i: number, { account }: Plan): Tools => ({
		ledger,
		scheduler: sharedAccount(account.key).scheduler,
		keepsParallel,
		clock: systemClock,
		signal,
		stop: over.signal,
		onSend: (requestId) => log(LOG.sending(i, requestId)),
		onAccepted: (taskId, requestId) => log(LOG.accepted(i, taskId, requestId)),
		onOutcome: (outcome) => take(i, outcome),
		onBackOff: (reason, waitMs) => log(LOG.backingOff(i, Math.ceil(waitMs / 1_000), errorInfoOf(reason).message)),
	});
	const taken = new Set<number>();
	// The retry loop reports each outcome immediately; an item that shares the submission of another one only returns it.
	const take = (i: number, outcome: Outcome) => {
		if (taken.has(i)) return;
		taken.add(i);
		if (outcome.kind === 'uncertain') context.logger.warn(LOG.uncertain(i, outcome.requestId, mentionedTaskId(outcome.reason)));
		if (outcome.kind === 'accepted') onAccepted?.(i, outcome);
		if (outcome.kind === 'refused' || outcome.kind === 'uncertain') {
			const status = outcome.kind === 'refused' && outcome.invalid ? 'invalid' : outcome.kind;
			const errorInfo = errorInfoOf(outcome.reason);
			if (outcome.fatal) errorInfo.scope = 'account';
			const failed: FailedItem = { status, errorInfo, requestId: outcome.requestId };
			batch.failed.set(i, failed);
			if (endsRun(outcome, continueOnFail)) {
				batch.endedBy ??= failed;
				over.abort();
			}
		} else if (outcome.kind !== 'cancelled') {
			batch.submitted.set(i, outcome);
		}
	};
	// Tasks of an earlier attempt still run and count against the parallel limit: a new item must not wait for a slot that
	// is never released.
	const left = plans.flatMap((plan, i) => {
		const known = isPlan(plan) && earlierOutcome(plan.submission, toolsFor(i, plan));
		if (known) take(i, known);
		return isPlan(plan) && !known ? [{ i, plan }] : [];
	});
	const isOver = () => over.signal.aborted || signal?.aborted === true;
	const inTurn = limitConcurrency(plans.find(isPlan)?.concurrency ?? 1);
	const errors: unknown[] = [];
	const submit = async ({ i, plan }: (typeof left)[number]) => {
		if (!isOver()) take(i, await submitItem(plan.submission, toolsFor(i, plan)));
	};
	const onError = (error: unknown) => {
		over.abort();
		errors.push(error);
	};
	try {
		await Promise.all(left.map(async (item) => await inTurn(async () => await submit(item).catch(onError))));
		if (errors.length > 0) throw errors[0];
	} finally {
		forget();
	}
	// The run has ended before their turn, but an earlier attempt may have made a task: they are not "not tried".
	for (const { i, plan } of left) {
		if (batch.submitted.has(i) || batch.failed.has(i)) continue;
		const known = earlierOutcome({ ...plan.submission, onUnclearResponse: 'fail' }, toolsFor(i, plan));
		if (known) take(i, known);
	}
	return batch;
}
