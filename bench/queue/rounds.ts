import type { Job } from '../scheduler/jobs';
import type { SimulatedLimits } from '../scheduler/limits';

/** The rounds of `examples/queue.json` in milliseconds, as its expressions have them. */
const WINDOW_MS = 61_000;
const POLL_MS = 10_000;
const AFTER_SUBMIT_MS = 1_000;

/** What the batch took. */
export interface MeasuredQueue {
	makespanMs: number;
	rounds: number;
}

/**
 * Runs a batch through the queue's rounds, one after the other.
 * @param roundMs how long a round takes without its wait
 */
export function runRounds(jobs: readonly Job[], { tasksPerMinute, parallelTasks }: SimulatedLimits, roundMs: number): MeasuredQueue {
	const waiting = [...jobs].reverse();
	let running: number[] = [];
	let sent: number[] = [];
	let [now, rounds] = [0, 0];
	while (waiting.length > 0 || running.length > 0) {
		rounds += 1;
		running = running.filter((end) => end > now);
		sent = sent.filter((at) => at > now - WINDOW_MS);
		const job = sent.length < tasksPerMinute && running.length < parallelTasks ? waiting.pop() : undefined;
		now += roundMs;
		if (job) {
			sent.push(now);
			running.push(now + job.runMs);
			now += AFTER_SUBMIT_MS;
		} else if (waiting.length > 0 || running.length > 0) {
			const untilSlot = waiting.length > 0 ? sent.map((at) => at + WINDOW_MS - now).filter((ms) => ms > 0) : [];
			now += Math.max(AFTER_SUBMIT_MS, Math.min(POLL_MS, ...untilSlot));
		}
	}
	return { makespanMs: now, rounds };
}
