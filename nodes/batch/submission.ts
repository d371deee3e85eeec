import { randomUUID } from 'crypto';
import { LOOK_FIRST } from '../hidream/verdict';
import type { Problem, Verdict } from '../hidream/verdict';
import type { Clock } from './clock';
import type { Entry, Ledger } from './ledger';
import { offer } from './offer';
import type { Scheduler } from './scheduler';

/** One item that is to become one task. */
export interface Submission {
	/** Its key in the ledger. */
	key: string;
	/** The `request_id` that the user gave; without one a UUID is made. */
	requestId?: string;
	/** Sends the request once and judges the answer; never throws. */
	send: (requestId: string, signal?: AbortSignal) => Promise<Verdict>;
	/** Makes the next `send` get a fresh token; undefined where there is none to be had. */
	renewToken?: () => void;
	/** Claims the user's "submit once" key for good; false when it has been claimed before. May throw: then nothing is sent. */
	claim?: () => Promise<boolean>;
	/** Gives the claim back, since surely no task was made. */
	unclaim?: () => Promise<void>;
	/** 0 = no pacing; below 1: one task in several minutes. */
	tasksPerMinute: number;
	/** 0 = no limit. */
	parallelTasks: number;
	/** How long refusals that will pass are waited out, in milliseconds. */
	budgetMs: number;
	whenUncertain: 'report' | 'resubmit';
	/** Whether the item waits for a free place, and for a refusal to pass, or is handed back unsent. */
	whenLimitReached: 'wait' | 'return';
}

export type Outcome =
	/** `ended` gives the task's place among those that run back; `fresh` is false for a task of an earlier try. */
	| { kind: 'accepted'; requestId: string; taskId: string; subTaskIds: string[]; fresh: boolean; ended: () => void }
	| { kind: 'refused'; requestId: string; problem: Problem; stopsRun?: true }
	| { kind: 'uncertain'; requestId: string; problem: Problem }
	| { kind: 'alreadySubmitted' }
	/** A limit is reached: the item was not sent, and is worth another try after this many milliseconds. */
	| { kind: 'notSubmitted'; retryAfterMs: number }
	| { kind: 'cancelled' };

export interface Tools {
	ledger: Ledger;
	scheduler: Scheduler;
	/** Whether the end of each task is learnt, so that `parallelTasks` can be kept; the task holds its place till then. */
	keepsParallel: boolean;
	clock: Clock;
	/** Fires when the execution is cancelled: ends everything at once. */
	signal?: AbortSignal;
	/** Fires when nothing new is to start: ends the wait for a place, and nothing that is under way. */
	stop?: AbortSignal;
	/** Told of each request just before it goes out. */
	onSend?: (requestId: string) => void;
	/** Told when the item was refused for now, and how long the account waits, in milliseconds. */
	onHeldBack?: (problem: Problem, waitMs: number) => void;
}

const INTERRUPTED: Problem = {
	what: 'An earlier try of this item was interrupted while it was being sent. The task may exist all the same',
	advice: LOOK_FIRST,
};

/** The earlier request for an item whose outcome is not known, if there is one. */
function doubtOf(entry: Entry | undefined): Problem | undefined {
	if (entry?.state === 'sending') return INTERRUPTED;
	return entry?.state === 'uncertain' ? entry.problem : undefined;
}

/** What the ledger says of the item already; undefined when it is to be sent. */
function settled({ key, whenUncertain }: Submission, { ledger, scheduler, keepsParallel }: Tools): Outcome | undefined {
	const entry = ledger.read(key);
	if (entry?.state === 'accepted') {
		const { requestId, taskId, subTaskIds } = entry;
		const ended = keepsParallel ? scheduler.adopt() : () => undefined;
		return { kind: 'accepted', requestId, taskId, subTaskIds, fresh: false, ended };
	}
	const problem = doubtOf(entry);
	if (!entry || !problem || whenUncertain === 'resubmit') return undefined;
	return { kind: 'uncertain', requestId: entry.requestId, problem };
}

async function submitNow(submission: Submission, tools: Tools): Promise<Outcome> {
	const known = settled(submission, tools);
	if (known) return known;
	const entry = tools.ledger.read(submission.key);
	return await offer(submission, entry?.requestId ?? submission.requestId ?? randomUUID(), tools, doubtOf(entry));
}

/** Submissions under way, by the memory that their ledgers share. */
const underWay = new WeakMap<object, Map<string, Promise<Outcome>>>();

/** What an earlier try settled, which takes no request; undefined when the item is to be submitted, or just is. */
export const settledEarlier = (submission: Submission, tools: Tools): Outcome | undefined =>
	underWay.get(tools.ledger.memory)?.has(submission.key) ? undefined : settled(submission, tools);

/**
 * Submits one item: at most one task comes of it, on this try and on all further ones.
 * The order is what makes it safe: the ledger is asked before anything is sent and written before and after
 * each request. An AI agent may ask for the same video twice in one instant: both then get the one outcome.
 */
export async function submitItem(submission: Submission, tools: Tools): Promise<Outcome> {
	const { memory } = tools.ledger;
	const here = underWay.get(memory) ?? new Map<string, Promise<Outcome>>();
	underWay.set(memory, here);
	const known = here.get(submission.key);
	if (known) return await known;
	const mine = submitNow(submission, tools);
	here.set(submission.key, mine);
	return await mine.finally(() => here.delete(submission.key));
}
