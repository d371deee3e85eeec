import { attempt, type Attempt, type Item } from './attempt';
import { updateKey } from './idempotencyKey';
import type { Limits, Permit } from '../limiter/permit';
import type { Outcome, Submission, Tools } from './submission';
import type { SubmissionReason } from './reasons';

/** The wait to report if it is unknown how long a limit lasts, in milliseconds. */
const UNKNOWN_WAIT_MS = 30_000;

/** The permit to send, or why there is none. */
async function acquirePermit({ submission, requestId }: Item, { scheduler, keepsParallel, signal, stop = signal }: Tools, ticket: number | undefined): Promise<Permit<SubmissionReason> | Outcome> {
	const { tasksPerMinute, parallelTasks, whenLimitReached, maxRetryMs } = submission;
	const limits: Limits = { tasksPerMinute, parallelTasks: keepsParallel ? parallelTasks : undefined };
	if (stop?.aborted) return { kind: 'cancelled' };
	if (whenLimitReached === 'return') {
		const permit = scheduler.tryAcquire(limits);
		if (typeof permit !== 'number') return permit;
		return { kind: 'notSubmitted', retryAfterMs: Number.isFinite(permit) ? permit : UNKNOWN_WAIT_MS };
	}
	const permit = await scheduler.acquire(limits, { signal: stop, ticket, maxRetryMs });
	if (!permit) return { kind: 'cancelled' };
	if (!('remainingMs' in permit)) return permit;
	return { kind: 'refused', requestId, reason: { code: 'queuedTooLong', waitMs: permit.remainingMs, refusal: permit.reason } };
}

/** The outcome of an item, given its earlier attempts: after an unresolved request it is uncertain, unless a task is known. */
function finalOutcome(outcome: Outcome, { requestId, unresolved, last }: Item): Outcome {
	if (['accepted', 'alreadySubmitted', 'uncertain'].includes(outcome.kind)) return outcome;
	if (unresolved) return { kind: 'uncertain', requestId, reason: unresolved };
	return outcome.kind === 'cancelled' ? (last ?? outcome) : outcome;
}

/**
 * Ends every attempt. The order keeps an ended run from sending: the run is told of a final outcome first, and the permit is
 * always released last, since the next item then starts.
 * @param permit undefined if the item got none
 */
async function settle(item: Item, { made, outcome, retryMs, key }: Attempt, permit: Permit<SubmissionReason> | undefined, tools: Tools): Promise<Outcome | undefined> {
	try {
		const final = retryMs === undefined ? finalOutcome(outcome, item) : undefined;
		if (final) tools.onOutcome?.(final);
		if (key) await updateKey(item.submission, key, tools);
		return final;
	} finally {
		permit?.release(made);
	}
}

/**
 * Submits an item, with retries, until its outcome is final. An item that is retried keeps its ticket in the queue.
 * @param unresolved an earlier request for this item that may have made a task
 */
export async function submitWithRetry(submission: Submission, requestId: string, tools: Tools, unresolved?: SubmissionReason): Promise<Outcome> {
	const item: Item = { submission, requestId, failures: { noConnection: 0, token: 0, uncertain: 0 }, backedOffMs: 0, unresolved };
	const { idempotencyKey } = submission;
	let ticket: number | undefined;
	try {
		// Without a permit: the item that has the key may be waiting for one.
		const began = !idempotencyKey || (await idempotencyKey.begin(submission.whenLimitReached === 'wait', tools.stop ?? tools.signal));
		for (;;) {
			const entry = began ? await acquirePermit(item, tools, ticket) : ({ kind: 'notSubmitted', retryAfterMs: UNKNOWN_WAIT_MS } as const);
			const permit = 'release' in entry ? entry : undefined;
			const end: Attempt = 'release' in entry ? await attempt(item, entry, tools) : { made: 'refused', outcome: entry };
			const final = await settle(item, end, permit, tools);
			if (final) return final;
			item.last = end.outcome;
			ticket = permit?.ticket;
			if (end.retryMs) await tools.clock.sleep(end.retryMs, tools.stop ?? tools.signal);
		}
	} finally {
		idempotencyKey?.end();
	}
}
