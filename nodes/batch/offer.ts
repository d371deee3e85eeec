import type { Problem, Verdict } from '../hidream/verdict';
import { claimKey, confirmKey, giveKeyBack } from './claim';
import type { Ledger } from './ledger';
import type { Leave, Limits } from './leave';
import { pauseOf } from './repetition';
import type { Failures } from './repetition';
import type { Outcome, Submission, Tools } from './submission';

/** When nobody knows how long a limit lasts, in milliseconds. */
const UNKNOWN_WAIT_MS = 30_000;

/** Writes the outcome of one request where every further try will find it. */
function record(ledger: Ledger, { key, look }: Submission, requestId: string, verdict: Verdict): void {
	switch (verdict.kind) {
		case 'accepted':
			return ledger.write(key, { state: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds, look });
		case 'uncertain':
			return ledger.write(key, { state: 'uncertain', requestId, problem: verdict.problem });
		case 'refused':
			return ledger.write(key, { state: 'refused', requestId });
	}
}

function outcomeOf(verdict: Verdict, requestId: string, { look }: Submission, ended: () => void): Outcome {
	switch (verdict.kind) {
		case 'accepted':
			return { kind: 'accepted', requestId, taskId: verdict.taskId, subTaskIds: verdict.subTaskIds, look, fresh: true, ended };
		case 'uncertain':
			return { kind: 'uncertain', requestId, problem: verdict.problem };
		case 'refused':
			return { kind: 'refused', requestId, problem: verdict.problem, stopsRun: verdict.stopsRun };
	}
}

const notSubmitted = (ms: number): Outcome => ({
	kind: 'notSubmitted',
	retryAfterMs: Number.isFinite(ms) ? ms : UNKNOWN_WAIT_MS,
});

/** The leave to send, or why there is none. */
async function enter(
	{ tasksPerMinute, parallelTasks, whenLimitReached }: Submission,
	{ scheduler, keepsParallel, signal, stop = signal }: Tools,
	arrival: number | undefined,
): Promise<Leave | Outcome> {
	const limits: Limits = { tasksPerMinute, parallelTasks: keepsParallel ? parallelTasks : undefined };
	if (stop?.aborted) return { kind: 'cancelled' };
	if (whenLimitReached === 'wait') return (await scheduler.admit(limits, { signal: stop, arrival })) ?? { kind: 'cancelled' };
	const leave = scheduler.admitNow(limits);
	return typeof leave === 'number' ? notSubmitted(leave) : leave;
}

interface Answered {
	/** What this request got. */
	answer: Verdict;
	/** What it means for the item. */
	verdict: Verdict;
}

/**
 * Sends once, with the key claimed before and the ledger written before and after.
 * @param doubted an earlier request for this item whose outcome is not known: then its key is claimed already
 */
async function sendOnce(
	submission: Submission,
	requestId: string,
	{ ledger, signal, stop = signal, onSend, onAccepted }: Tools,
	doubted: Problem | undefined,
): Promise<Answered | Outcome> {
	const unclaimed = doubted ? undefined : await claimKey(submission, requestId);
	if (unclaimed) return unclaimed;
	if (stop?.aborted) {
		if (!doubted) await giveKeyBack(submission);
		return { kind: 'cancelled' };
	}
	ledger.write(submission.key, { state: 'sending', requestId });
	onSend?.(requestId);
	const answer = await submission.send(requestId, signal);
	// A refusal settles this request only: an earlier one that went unanswered may have made a task.
	const verdict: Verdict = answer.kind === 'refused' && doubted ? { kind: 'uncertain', problem: doubted } : answer;
	record(ledger, submission, requestId, verdict);
	if (verdict.kind === 'refused') await giveKeyBack(submission);
	if (verdict.kind === 'accepted') {
		// Before anything else is waited for: n8n may die at any moment.
		onAccepted?.(verdict.taskId, requestId);
		await confirmKey(submission);
	}
	return { answer, verdict };
}

/**
 * Offers an item to the service until the answer is final. Who is refused for a reason that passes, or got no
 * clear answer and is to be sent again, is put back in the line where it was.
 * @param doubt an earlier request for this item whose outcome is not known
 */
export async function offer(submission: Submission, requestId: string, tools: Tools, doubt?: Problem): Promise<Outcome> {
	const { clock, signal, stop = signal } = tools;
	const failures: Failures = { noConnection: 0, token: 0, uncertain: 0 };
	let doubted = doubt;
	let arrival: number | undefined;
	let last: Outcome | undefined = doubt && { kind: 'uncertain', requestId, problem: doubt };
	for (;;) {
		const leave = await enter(submission, tools, arrival);
		// Whoever has had an answer is told that one, not that the run was cancelled.
		if ('kind' in leave) return last && (leave.kind === 'cancelled' || last.kind === 'uncertain') ? last : leave;
		arrival = leave.arrival;
		const sent = await sendOnce(submission, requestId, tools, doubted).catch((error: Error) => {
			// A place that nobody gives back would be lost to the account until n8n is started anew.
			leave.answered('uncertain');
			throw error;
		});
		if ('kind' in sent) {
			leave.answered('refused');
			return sent.kind === 'cancelled' ? (last ?? sent) : sent;
		}
		const { answer, verdict } = sent;
		if (verdict.kind === 'uncertain') doubted = verdict.problem;
		last = outcomeOf(verdict, requestId, submission, leave.ended);
		const { passing, retryAfterMs, stopsRun } = answer.kind === 'refused' ? answer : {};
		const giveBack = () =>
			passing === 'busy' ? leave.refusedForNow({ retryAfterMs, budgetMs: submission.budgetMs }) : void leave.answered(answer.kind);
		if (verdict.kind === 'refused' && passing === 'busy' && !signal?.aborted) {
			const waitMs = giveBack();
			if (submission.whenLimitReached === 'return') return notSubmitted(waitMs ?? retryAfterMs ?? UNKNOWN_WAIT_MS);
			if (waitMs === undefined) return last;
			tools.onHeldBack?.(verdict.problem, waitMs);
			continue;
		}
		const pauseMs = stopsRun || signal?.aborted ? undefined : pauseOf(submission, verdict, failures);
		if (verdict.kind !== 'accepted' && pauseMs === undefined) tools.onFailed?.(last);
		giveBack();
		if (pauseMs === undefined) return last;
		if (passing === 'token' && failures.token++ < 1) submission.renewToken?.();
		await clock.wait(pauseMs, stop);
	}
}
