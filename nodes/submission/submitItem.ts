import { randomUUID } from 'crypto';
import type { Entry } from './ledger';
import type { Outcome, Submission, Tools } from './submission';
import { mentionedTaskId, type SubmissionReason } from './reasons';
import { submitWithRetry } from './submitWithRetry';

/** The earlier request for an item whose outcome is not known, if there is one. */
export function unresolvedRequest(entry: Entry | undefined): SubmissionReason | undefined {
	if (entry?.state === 'sending') return { code: 'interrupted' };
	return entry?.state === 'uncertain' ? entry.reason : undefined;
}

/** What the ledger says of the item already; undefined when it is to be sent. */
function settled({ key, onUnclearResponse }: Submission, { ledger, scheduler, keepsParallel }: Tools): Outcome | undefined {
	const entry = ledger.read(key);
	if (entry?.state === 'accepted') {
		const { requestId, taskId, subTaskIds, styleOptions } = entry;
		const ended = keepsParallel ? scheduler.addRunning() : () => undefined;
		return { kind: 'accepted', requestId, taskId, subTaskIds, styleOptions, fresh: false, ended };
	}
	const reason = unresolvedRequest(entry);
	if (!entry || !reason || (onUnclearResponse === 'resubmit' && mentionedTaskId(reason) === undefined)) return undefined;
	return { kind: 'uncertain', requestId: entry.requestId, reason };
}

async function submitNow(submission: Submission, tools: Tools): Promise<Outcome> {
	const known = settled(submission, tools);
	if (known) return known;
	const entry = tools.ledger.read(submission.key);
	return await submitWithRetry(submission, entry?.requestId ?? submission.requestId ?? randomUUID(), tools, unresolvedRequest(entry));
}

/** Submissions in flight, by the object that their ledgers share. */
const inFlight = new WeakMap<object, Map<string, Promise<Outcome>>>();

/** The outcome of an earlier attempt, which takes no request; undefined if the item must be submitted, or is being submitted. */
export const earlierOutcome = (submission: Submission, tools: Tools): Outcome | undefined =>
	inFlight.get(tools.ledger.shared)?.has(submission.key) ? undefined : settled(submission, tools);

/**
 * Submits one item, which gets at most one task, in this attempt and in all further ones. The order prevents a second task:
 * the ledger is read before anything is sent, and written before and after each request. If an AI agent submits the same video
 * twice at the same time, both calls get the same outcome.
 */
export async function submitItem(submission: Submission, tools: Tools): Promise<Outcome> {
	const { shared } = tools.ledger;
	const here = inFlight.get(shared) ?? new Map<string, Promise<Outcome>>();
	inFlight.set(shared, here);
	const known = here.get(submission.key);
	if (known) return await known;
	const mine = submitNow(submission, tools);
	here.set(submission.key, mine);
	return await mine.finally(() => here.delete(submission.key));
}
