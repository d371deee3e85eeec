import { randomUUID } from 'crypto';
import { LOOK_FIRST } from '../hidream/verdict';
import type { Problem, Verdict } from '../hidream/verdict';
import type { Clock } from './clock';
import type { Entry, Ledger } from './ledger';
import type { Pacer, Slot } from './pacer';
import { leavePlaces, takePlaces, UNKNOWN_WAIT_MS } from './places';
import type { Places } from './places';
import { sendUntilFinal } from './sending';

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
	/** 0 = no pacing. */
	tasksPerMinute: number;
	/** 0 = no limit. */
	parallelTasks: number;
	/** How long a refusal that will pass is waited out, in milliseconds, in all. */
	budgetMs: number;
	whenUncertain: 'report' | 'resubmit';
	/** Whether the item waits for a free place, and for a refusal to pass, or is handed back unsent. */
	whenLimitReached: 'wait' | 'return';
}

export type Outcome =
	| { kind: 'accepted'; requestId: string; taskId: string; subTaskIds: string[]; fresh: boolean; place?: Slot }
	| { kind: 'refused'; requestId: string; problem: Problem; stopsRun?: true }
	| { kind: 'uncertain'; requestId: string; problem: Problem }
	| { kind: 'alreadySubmitted' }
	/** A limit is reached: the item was not sent, and is worth another try after this many milliseconds. */
	| { kind: 'notSubmitted'; retryAfterMs: number }
	| { kind: 'cancelled' };

export interface Tools {
	ledger: Ledger;
	/** Keeps `tasksPerMinute`. */
	rate: Pacer;
	/** Keeps `parallelTasks`, where the end of each task is learnt; the outcome then holds the task's place. */
	parallel?: Pacer;
	clock: Clock;
	/** Fires when the execution is cancelled: ends everything at once. */
	signal?: AbortSignal;
	/** Fires when nothing new is to start: ends the wait for a place, and nothing that is under way. */
	stop?: AbortSignal;
}

const INTERRUPTED: Problem = {
	what: 'An earlier try of this item was interrupted while it was being sent. The task may exist all the same',
	advice: LOOK_FIRST,
};

const unrecorded = ({ message }: Error): Problem => ({
	what: `n8n could not record the "Submit Once Key", so the video was not sent: ${message}`,
	advice: 'Check the database of this n8n, then run again.',
});

/** What the ledger already settles without a request; undefined when the item is to be sent. */
function settled(entry: Entry | undefined, whenUncertain: Submission['whenUncertain']): Outcome | undefined {
	switch (entry?.state) {
		case 'accepted':
			return { kind: 'accepted', ...entry, fresh: false };
		case 'uncertain':
		case 'sending':
			return whenUncertain === 'resubmit'
				? undefined
				: { kind: 'uncertain', requestId: entry.requestId, problem: 'problem' in entry ? entry.problem : INTERRUPTED };
		default:
			return undefined;
	}
}

function outcomeOf(verdict: Verdict, requestId: string, { parallel }: Places, waits: boolean): Outcome {
	switch (verdict.kind) {
		case 'accepted':
			return { ...verdict, requestId, fresh: true, place: parallel };
		case 'uncertain':
			return { kind: 'uncertain', requestId, problem: verdict.problem };
		case 'refused':
			if (verdict.passing === 'busy' && !waits) {
				return { kind: 'notSubmitted', retryAfterMs: verdict.retryAfterMs ?? UNKNOWN_WAIT_MS };
			}
			return { kind: 'refused', requestId, problem: verdict.problem, stopsRun: verdict.stopsRun };
	}
}

/**
 * Submits one item: at most one task comes of it, on this try and on all further ones.
 * The order is what makes it safe: the ledger is asked before anything is sent and written before and after
 * each request.
 */
export async function submitItem(submission: Submission, tools: Tools): Promise<Outcome> {
	const entry = tools.ledger.read(submission.key);
	const known = settled(entry, submission.whenUncertain);
	if (known) return known;
	const fresh = entry === undefined || entry.state === 'refused';
	const requestId = entry?.requestId ?? submission.requestId ?? randomUUID();
	if (fresh && submission.claim) {
		try {
			if (!(await submission.claim())) return { kind: 'alreadySubmitted' };
		} catch (error) {
			return { kind: 'refused', requestId, problem: unrecorded(error as Error) };
		}
	}
	// If this fails the key stays claimed: the video is not sent again, which costs nobody anything.
	const unclaim = async () => await submission.unclaim?.().catch(() => undefined);

	const places = await takePlaces(submission, tools);
	if ('kind' in places) {
		if (fresh) await unclaim();
		return places;
	}
	const doubt = entry?.state === 'uncertain' ? entry.problem : entry?.state === 'sending' ? INTERRUPTED : undefined;
	const verdict = await sendUntilFinal(submission, requestId, tools, doubt);
	leavePlaces(places, verdict);
	if (verdict.kind === 'refused') await unclaim();
	return outcomeOf(verdict, requestId, places, submission.whenLimitReached === 'wait');
}
