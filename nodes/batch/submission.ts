import { randomUUID } from 'crypto';
import type { Problem, Verdict } from '../hidream/verdict';
import type { Clock } from './clock';
import type { Entry, Ledger } from './ledger';
import type { Pacer, Slot } from './pacer';
import { nextPause } from './patience';

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
	/** How long a refusal that will pass is waited out, in milliseconds, in all. */
	budgetMs: number;
	whenUncertain: 'report' | 'resubmit';
}

export type Outcome =
	| { kind: 'accepted'; requestId: string; taskId: string; subTaskIds: string[]; fresh: boolean }
	| { kind: 'refused'; requestId: string; problem: Problem; stopsRun?: true }
	| { kind: 'uncertain'; requestId: string; problem: Problem }
	| { kind: 'alreadySubmitted' }
	| { kind: 'cancelled' };

export interface Tools {
	ledger: Ledger;
	pacer: Pacer;
	clock: Clock;
	/** Fires when the execution is cancelled. */
	signal?: AbortSignal;
}

/** How often an uncertain request is sent again when the user asked for that, within one try. */
const UNCERTAIN_REPETITIONS = 2;
const UNCERTAIN_PAUSE_MS = 5_000;

const INTERRUPTED: Problem = {
	what: 'An earlier try of this item was interrupted while it was being sent. The task may exist all the same',
	advice:
		'Look in your HiDream account whether the task is there before you send this video again: it may have been paid for.',
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

/** Writes the outcome of one request where every further try will find it. */
function record(ledger: Ledger, key: string, requestId: string, verdict: Verdict): void {
	if (verdict.kind === 'accepted') {
		ledger.write(key, { state: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds });
	} else if (verdict.kind === 'uncertain') {
		ledger.write(key, { state: 'uncertain', requestId, problem: verdict.problem });
	} else {
		ledger.write(key, { state: 'refused', requestId });
	}
}

/**
 * Sends until the answer is final: repeats refusals that pass, and uncertain ones if the user asked for it.
 * @param doubt an earlier request for this item whose outcome is not known
 */
async function sendUntilFinal(
	submission: Submission,
	requestId: string,
	tools: Tools,
	doubt?: Problem,
): Promise<Verdict> {
	const { ledger, clock, signal } = tools;
	let doubted = doubt;
	const repetitions = { noConnection: 0, busy: 0, token: 0, uncertain: 0 };
	let waitedMs = 0;
	for (;;) {
		ledger.write(submission.key, { state: 'sending', requestId });
		const answer = await submission.send(requestId, signal);
		if (answer.kind === 'uncertain') doubted = answer.problem;
		// A refusal settles this request only: an earlier one that went unanswered may have made a task.
		const verdict: Verdict =
			answer.kind === 'refused' && doubted ? { kind: 'uncertain', problem: doubted } : answer;
		record(ledger, submission.key, requestId, verdict);
		if (verdict.kind === 'accepted' || signal?.aborted) return verdict;
		let pause: number | undefined;
		if (verdict.kind === 'uncertain') {
			const again = submission.whenUncertain === 'resubmit' && repetitions.uncertain < UNCERTAIN_REPETITIONS;
			if (!again) return verdict;
			repetitions.uncertain += 1;
			pause = UNCERTAIN_PAUSE_MS;
		} else {
			const { passing, retryAfterMs } = verdict;
			if (passing === undefined || (passing === 'token' && !submission.renewToken)) return verdict;
			pause = nextPause(passing, repetitions[passing], { retryAfterMs, waitedMs, budgetMs: submission.budgetMs });
			if (pause === undefined) return verdict;
			repetitions[passing] += 1;
			if (passing === 'token') submission.renewToken?.();
		}
		waitedMs += pause;
		await clock.wait(pause, signal);
		if (signal?.aborted) return verdict;
	}
}

/** The place counts for a window after a task was, or may have been, made. */
function leave(slot: Slot, verdict: Verdict): void {
	if (verdict.kind === 'refused') slot.giveBack();
	else slot.answered();
}

/**
 * Submits one item: at most one task comes of it, on this try and on all further ones.
 * The order is what makes it safe: the ledger is asked before anything is sent and written before and after
 * each request.
 */
export async function submitItem(submission: Submission, tools: Tools): Promise<Outcome> {
	const { ledger, pacer, signal } = tools;
	const entry = ledger.read(submission.key);
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

	const slot = await pacer.take(submission.tasksPerMinute, signal);
	if (!slot) {
		if (fresh) await submission.unclaim?.().catch(() => undefined);
		return { kind: 'cancelled' };
	}
	const doubt = entry?.state === 'uncertain' ? entry.problem : entry?.state === 'sending' ? INTERRUPTED : undefined;
	const verdict = await sendUntilFinal(submission, requestId, tools, doubt);
	leave(slot, verdict);
	// If this fails the key stays claimed: the video is not sent again, which costs nobody anything.
	if (verdict.kind === 'refused') await submission.unclaim?.().catch(() => undefined);
	switch (verdict.kind) {
		case 'accepted':
			return { kind: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds, fresh: true };
		case 'refused':
			return { kind: 'refused', requestId, problem: verdict.problem, stopsRun: verdict.stopsRun };
		case 'uncertain':
			return { kind: 'uncertain', requestId, problem: verdict.problem };
	}
}
