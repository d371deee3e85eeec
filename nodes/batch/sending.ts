import type { Problem, Verdict } from '../hidream/verdict';
import type { Ledger } from './ledger';
import { nextPause } from './patience';
import type { Submission, Tools } from './submission';

/** How often an uncertain request is sent again when the user asked for that, within one try. */
const UNCERTAIN_REPETITIONS = 2;
const UNCERTAIN_PAUSE_MS = 5_000;

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
export async function sendUntilFinal(
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
		const noUse = answer.kind === 'refused' && answer.stopsRun;
		if (verdict.kind === 'accepted' || noUse || signal?.aborted) return verdict;
		let pause: number | undefined;
		if (verdict.kind === 'uncertain') {
			const again = submission.whenUncertain === 'resubmit' && repetitions.uncertain < UNCERTAIN_REPETITIONS;
			if (!again) return verdict;
			repetitions.uncertain += 1;
			pause = UNCERTAIN_PAUSE_MS;
		} else {
			const { passing, retryAfterMs } = verdict;
			if (passing === undefined || (passing === 'token' && !submission.renewToken)) return verdict;
			if (passing === 'busy' && submission.whenLimitReached === 'return') return verdict;
			pause = nextPause(passing, repetitions[passing], { retryAfterMs, waitedMs, budgetMs: submission.budgetMs });
			if (pause === undefined) return verdict;
			repetitions[passing] += 1;
		}
		if (answer.kind === 'refused' && answer.passing === 'token') submission.renewToken?.();
		waitedMs += pause;
		await clock.wait(pause, signal);
		if (signal?.aborted) return verdict;
	}
}
