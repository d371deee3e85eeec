import { LOOK_FIRST } from '../hidream/verdict';
import type { ErrorInfo, Refused, Verdict } from '../hidream/verdict';
import { claimKey } from './idempotencyKey';
import type { Ledger } from './ledger';
import { refusedTooLong } from './overBudget';
import type { Permit } from '../limiter/permit';
import { retryDelay } from './retryDelay';
import type { Failures } from './retryDelay';
import type { Outcome, Submission, Tools } from './submission';

/** An item that is being submitted, and what its attempts so far have left. */
export interface Item {
	submission: Submission;
	requestId: string;
	failures: Failures;
	/** An earlier request that may have made a task: from then on the item is uncertain until its task is known. */
	unresolved?: ErrorInfo;
	/** What the last response means. */
	last?: Outcome;
}

/** What became of one attempt. */
export interface Attempt {
	/** Whether there is a task of this attempt, may be one, or is none. */
	made: Verdict['kind'];
	/** What becomes of the item if there is no further attempt. */
	outcome: Outcome;
	/** How long the item waits before its next attempt, in milliseconds; undefined where the outcome is final. */
	retryMs?: number;
	/** What is left to do about the user's key. */
	key?: 'confirm' | 'giveBack';
}

/** Writes the outcome of one request where every further try will find it. */
function record(ledger: Ledger, { key, styleOptions }: Submission, requestId: string, verdict: Verdict): void {
	switch (verdict.kind) {
		case 'accepted':
			return ledger.write(key, { state: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds, styleOptions });
		case 'uncertain':
			return ledger.write(key, { state: 'uncertain', requestId, errorInfo: verdict.errorInfo });
		case 'refused':
			return ledger.write(key, { state: 'refused', requestId });
	}
}

function outcomeOf(verdict: Verdict, { requestId, submission: { styleOptions } }: Item, { ended }: Permit<ErrorInfo>): Outcome {
	switch (verdict.kind) {
		case 'accepted':
			return { kind: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds, styleOptions, fresh: true, ended };
		case 'uncertain':
			return { kind: 'uncertain', requestId, errorInfo: verdict.errorInfo };
		case 'refused':
			return { kind: 'refused', requestId, errorInfo: verdict.errorInfo, fatal: verdict.fatal };
	}
}

/** After a temporary refusal the whole account backs off, and the item waits with it where its options allow that. */
function afterBusy({ errorInfo, retryAfterMs }: Refused, outcome: Outcome, { submission, requestId }: Item, permit: Permit<ErrorInfo>, tools: Tools): Pick<Attempt, 'outcome' | 'retryMs'> {
	const { ms, overBudget } = permit.backOff({ reason: errorInfo, retryAfterMs, maxRetryMs: submission.maxRetryMs });
	if (submission.whenLimitReached === 'return') return { outcome: { kind: 'notSubmitted', retryAfterMs: ms } };
	if (overBudget) return { outcome: { kind: 'refused', requestId, errorInfo: refusedTooLong(errorInfo, ms) } };
	if ((tools.stop ?? tools.signal)?.aborted) return { outcome };
	tools.onBackOff?.(errorInfo, ms);
	// The scheduler keeps the delay: it is the account's.
	return { outcome, retryMs: 0 };
}

/** What the response means for the item, and whether there is another attempt. */
function afterResponse(response: Verdict, item: Item, permit: Permit<ErrorInfo>, tools: Tools): Attempt {
	const { submission, requestId } = item;
	const { ledger, signal, stop = signal, onAccepted } = tools;
	// A refusal settles this request only: an earlier one without a clear response may have made a task.
	const verdict: Verdict = response.kind === 'refused' && item.unresolved ? { kind: 'uncertain', errorInfo: item.unresolved } : response;
	record(ledger, submission, requestId, verdict);
	// Before anything else is waited for: n8n may die at any moment.
	if (verdict.kind === 'accepted') onAccepted?.(verdict.taskId, requestId);
	if (verdict.kind === 'uncertain') item.unresolved = verdict.errorInfo;
	const outcome = outcomeOf(verdict, item, permit);
	const key = verdict.kind === 'accepted' ? 'confirm' : verdict.kind === 'refused' ? 'giveBack' : undefined;
	if (response.kind === 'refused' && response.retryReason === 'busy' && !response.fatal) {
		return { made: 'refused', key, ...afterBusy(response, outcome, item, permit, tools) };
	}
	if (outcome.kind === 'uncertain' && response.kind === 'refused') outcome.fatal = response.fatal;
	const retryMs = stop?.aborted ? undefined : retryDelay(submission, response, item.failures);
	if (retryMs !== undefined && response.kind === 'refused' && response.retryReason === 'token') submission.renewToken?.();
	return { made: response.kind, outcome, retryMs, key };
}

const noRequest = (outcome: Outcome): Attempt => ({ made: 'refused', outcome });

async function sendOnce(item: Item, permit: Permit<ErrorInfo>, tools: Tools): Promise<Attempt> {
	const { submission, requestId, unresolved } = item;
	const { ledger, signal, stop = signal, onSend } = tools;
	if (stop?.aborted) return noRequest({ kind: 'cancelled' });
	const errorInfo = submission.recheck?.();
	if (errorInfo) return noRequest({ kind: 'refused', requestId, errorInfo, invalid: true });
	// The key of an unresolved request is claimed already.
	const unclaimed = unresolved ? undefined : await claimKey(submission, requestId, tools);
	if (unclaimed) return noRequest(unclaimed);
	if (stop?.aborted) return { ...noRequest({ kind: 'cancelled' }), key: unresolved ? undefined : 'giveBack' };
	ledger.write(submission.key, { state: 'sending', requestId });
	onSend?.(requestId);
	return afterResponse(await submission.send(requestId, signal), item, permit, tools);
}

/** Sends one request, with the key claimed before and the ledger written before and after. Never throws: what breaks is uncertain. */
export const attempt = async (item: Item, permit: Permit<ErrorInfo>, tools: Tools): Promise<Attempt> =>
	await sendOnce(item, permit, tools).catch((error: Error): Attempt => {
		item.unresolved ??= { message: `The node failed while it sent the video: ${error.message}. The task may exist`, hint: LOOK_FIRST };
		return { made: 'uncertain', outcome: { kind: 'uncertain', requestId: item.requestId, errorInfo: item.unresolved } };
	});
