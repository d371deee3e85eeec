import type { Refused, Verdict } from '../hidream/verdict';
import { claimKey } from './idempotencyKey';
import type { Ledger } from './ledger';
import type { Permit } from '../limiter/permit';
import { retryDelay, type Failures } from './retryDelay';
import type { KeyChange, KeyClaim, Outcome, Submission, Tools } from './submission';
import type { SubmissionReason } from './reasons';

/** An item that is being submitted, and the state that its attempts share. */
export interface Item {
	submission: Submission;
	requestId: string;
	failures: Failures;
	/** How long the account has backed off after refusals of this item, in milliseconds. */
	backedOffMs: number;
	/** An earlier request that may have made a task: from then on the item is uncertain until its task is known. */
	unresolved?: SubmissionReason;
	/** Whether its key was claimed. */
	claimed?: boolean;
	/** What the last response means. */
	last?: Outcome;
}

/** What became of one attempt. */
export interface Attempt {
	/** Whether this attempt made a task, may have made one, or made none. */
	made: Verdict['kind'];
	/** What becomes of the item if there is no further attempt. */
	outcome: Outcome;
	/** How long the item waits before its next attempt, in milliseconds; undefined where the outcome is final. */
	retryMs?: number;
	/** What is left to do about the user's key. */
	key?: KeyChange;
}

/** Writes the outcome of one request into the ledger, where every later attempt finds it. */
function record(ledger: Ledger, { key, styleOptions }: Submission, requestId: string, verdict: Verdict<SubmissionReason>): void {
	if (verdict.kind === 'refused') return ledger.write(key, { state: 'refused', requestId });
	if (verdict.kind === 'uncertain') return ledger.write(key, { state: 'uncertain', requestId, reason: verdict.reason });
	ledger.write(key, { state: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds, styleOptions });
}

function outcomeOf(verdict: Verdict<SubmissionReason>, { requestId, submission: { styleOptions } }: Item, { ended }: Permit<SubmissionReason>): Outcome {
	if (verdict.kind === 'refused') return { kind: 'refused', requestId, reason: verdict.reason, fatal: verdict.fatal };
	if (verdict.kind === 'uncertain') return { kind: 'uncertain', requestId, reason: verdict.reason };
	return { kind: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds, styleOptions, fresh: true, ended };
}

/** After a temporary refusal the whole account backs off, and the item waits with it where its options allow that. */
function afterBusy({ reason, retryAfterMs }: Refused, outcome: Outcome, item: Item, permit: Permit<SubmissionReason>, tools: Tools): Pick<Attempt, 'outcome' | 'retryMs'> {
	const { submission, requestId } = item;
	const { ms, overBudget } = permit.backOff({ reason, retryAfterMs, maxRetryMs: submission.maxRetryMs });
	if (submission.whenLimitReached === 'return') return { outcome: { kind: 'notSubmitted', retryAfterMs: ms } };
	item.backedOffMs += ms;
	if (overBudget) return { outcome: { kind: 'refused', requestId, reason: { code: 'refusedTooLong', waitMs: ms, refusal: reason } } };
	// Acceptances of other items end the account's streak of refusals, but not this item's.
	if ((tools.stop ?? tools.signal)?.aborted || item.backedOffMs > submission.maxRetryMs) return { outcome };
	tools.onBackOff?.(reason, ms);
	// The scheduler keeps the delay: it is the account's.
	return { outcome, retryMs: 0 };
}

const KEY_CHANGES: Readonly<Record<Verdict['kind'], KeyChange>> = { accepted: 'confirm', uncertain: 'keep', refused: 'release' };

/** What the response means for the item, and whether there is another attempt. */
function afterResponse(response: Verdict, item: Item, permit: Permit<SubmissionReason>, tools: Tools): Attempt {
	const { submission, requestId } = item;
	const { ledger, signal, stop = signal, onAccepted } = tools;
	// A refusal settles this request only: an earlier one without a clear response may have made a task.
	const verdict: Verdict<SubmissionReason> = response.kind === 'refused' && item.unresolved ? { kind: 'uncertain', reason: item.unresolved } : response;
	record(ledger, submission, requestId, verdict);
	// Before anything else is waited for: n8n may die at any moment.
	if (verdict.kind === 'accepted') onAccepted?.(verdict.taskId, requestId);
	if (verdict.kind === 'uncertain') item.unresolved = verdict.reason;
	const outcome = outcomeOf(verdict, item, permit);
	const key = KEY_CHANGES[verdict.kind];
	if (response.kind === 'refused' && response.retryReason === 'busy' && !response.fatal) {
		return { made: 'refused', key, ...afterBusy(response, outcome, item, permit, tools) };
	}
	if (outcome.kind === 'uncertain' && response.kind === 'refused') outcome.fatal = response.fatal;
	const retryMs = stop?.aborted ? undefined : retryDelay(submission, response, item.failures);
	if (retryMs !== undefined && response.kind === 'refused' && response.retryReason === 'token') submission.renewToken?.();
	return { made: response.kind, outcome, retryMs, key };
}

const noRequest = (outcome: Outcome): Attempt => ({ made: 'refused', outcome });

/** The outcome of an item whose claim forbids the request; undefined when the request may be sent. */
function afterClaim(claim: KeyClaim, item: Item): Outcome | undefined {
	const { requestId, submission } = item;
	if (claim === 'claimed') return undefined;
	if (claim === 'submitted') return { kind: 'alreadySubmitted', requestId };
	item.unresolved ??= { code: 'keyUnresolved' };
	return submission.onUnclearResponse === 'resubmit' ? undefined : { kind: 'uncertain', requestId, reason: item.unresolved };
}

/** Everything before the request. Returns why there is none, or undefined when it may be sent. */
async function prepare(item: Item, tools: Tools): Promise<Attempt | undefined> {
	const { submission, requestId } = item;
	const { signal, stop = signal } = tools;
	if (stop?.aborted) return noRequest({ kind: 'cancelled' });
	const problem = submission.recheck?.();
	if (problem) return noRequest({ kind: 'refused', requestId, reason: { code: 'invalidInput', message: problem.message, hint: problem.hint }, invalid: true });
	// The key of an unresolved request stays claimed. Before the first claim, another execution may have sent it again.
	const claim = item.unresolved && item.claimed ? 'claimed' : await claimKey(submission, requestId, tools);
	item.claimed = typeof claim === 'string';
	const unsent = typeof claim === 'string' ? afterClaim(claim, item) : claim;
	if (unsent) return noRequest(unsent);
	return stop?.aborted ? { ...noRequest({ kind: 'cancelled' }), key: item.unresolved ? undefined : 'release' } : undefined;
}

const notSent = ({ message }: Error): Refused => ({ kind: 'refused', reason: { code: 'notSent', detail: message } });

async function sendRequest(item: Item, permit: Permit<SubmissionReason>, tools: Tools): Promise<Attempt> {
	const { submission, requestId } = item;
	const { ledger, signal, onSend } = tools;
	try {
		ledger.write(submission.key, { state: 'sending', requestId });
		onSend?.(requestId);
	} catch (error) {
		return afterResponse(notSent(error as Error), item, permit, tools);
	}
	return afterResponse(await submission.send(requestId, signal), item, permit, tools);
}

/**
 * Sends one request, with the key claimed before and the ledger written before and after. Never throws: an error before the
 * request is a refusal, any later one is uncertain.
 */
export async function attempt(item: Item, permit: Permit<SubmissionReason>, tools: Tools): Promise<Attempt> {
	const { requestId } = item;
	const unsent = await prepare(item, tools).catch((error: Error) => noRequest({ ...notSent(error), requestId }));
	if (unsent) return unsent;
	return await sendRequest(item, permit, tools).catch((error: Error): Attempt => {
		item.unresolved ??= { code: 'nodeFailed', detail: error.message };
		return { made: 'uncertain', outcome: { kind: 'uncertain', requestId, reason: item.unresolved }, key: 'keep' };
	});
}
