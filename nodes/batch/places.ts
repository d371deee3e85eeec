import type { Verdict } from '../hidream/verdict';
import type { Pacer, Slot } from './pacer';
import type { Submission, Tools } from './submission';

/** The places an item holds while it is sent: among the tasks that run, and among those of this minute. */
export interface Places {
	parallel?: Slot;
	rate: Slot;
}

/** When nobody knows how long a limit lasts, in milliseconds. */
export const UNKNOWN_WAIT_MS = 30_000;

/** Why there is no place: the run was cancelled, or the item does not wait for one. */
export type NoPlace = { kind: 'cancelled' } | { kind: 'notSubmitted'; retryAfterMs: number };

/** Takes the places for an item, waiting for them if it may. */
export async function takePlaces(
	{ parallelTasks, tasksPerMinute, whenLimitReached }: Submission,
	{ parallel: tasks, rate: minute, signal, stop }: Tools,
): Promise<Places | NoPlace> {
	const waits = whenLimitReached === 'wait';
	const take = async (pacer: Pacer, limit: number) =>
		waits ? await pacer.take(limit, stop ?? signal) : pacer.takeNow(limit);
	const missing = (pacer: Pacer, limit: number): NoPlace => {
		const ms = pacer.waitFor(limit);
		return waits
			? { kind: 'cancelled' }
			: { kind: 'notSubmitted', retryAfterMs: Number.isFinite(ms) && ms > 0 ? ms : UNKNOWN_WAIT_MS };
	};
	const parallel = tasks && (await take(tasks, parallelTasks));
	if (tasks && !parallel) return missing(tasks, parallelTasks);
	const rate = await take(minute, tasksPerMinute);
	if (rate) return { parallel, rate };
	parallel?.giveBack();
	return missing(minute, tasksPerMinute);
}

/** The place in the minute counts on after a task was, or may have been, made; the other one while it runs. */
export function leavePlaces({ parallel, rate }: Places, verdict: Verdict): void {
	if (verdict.kind === 'refused') rate.giveBack();
	else rate.answered();
	if (verdict.kind !== 'accepted') parallel?.giveBack();
}
