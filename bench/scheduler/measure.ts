import { bareBound, bestInOrder, lowerBound } from './bounds';
import { shortestInAnyOrder, shortestInOrder } from './exact';
import { randomJobs } from './jobs';
import type { AccountLimits } from './limits';
import { randomOf } from './random';
import { simulate } from './simulation';
import type { Scenario } from './simulation';

/** Two tasks a minute, and what the member levels run at the same time: HiDream's own limits. */
export const TASKS_PER_MINUTE = 2;

/** One refusal in thirty that nobody could foresee, one lost connection in two hundred. */
const TROUBLE = { busy: 0.03, noConnection: 0.005 };

const NO_TROUBLE = { busy: 0, noConnection: 0 };

const HOUR_MS = 60 * 60_000;

/** One simulated batch, in numbers. */
export interface Measured {
	tasks: number;
	parallelTasks: number;
	workers: number;
	/** Makespan over the best that any scheduler could do with the same promise and the same order. */
	overBest: number;
	/** Makespan over max(rate, work / k, longest task). */
	overBound: number;
	/** The best possible over that bound: what nobody can reach. */
	bestOverBound: number;
	/** Makespan over the same bound for the service's bare rate, as if uploads took no time. */
	overBareBound: number;
	refusalsPerAccepted: number;
	gaveUp: number;
	/** The largest wait in the line over the median one. */
	waitOverMedian: number;
}

export interface Setting {
	tasks: number;
	parallelTasks: number;
	workers?: number;
	/** What each worker keeps to; the service's limits unless given. */
	own?: AccountLimits;
	pollMs?: number;
	seed: number;
}

/** Simulates one batch with trouble. */
export async function measure({ tasks, parallelTasks, workers = 1, own, pollMs = 0, seed }: Setting): Promise<Measured> {
	const limits: AccountLimits = { tasksPerMinute: TASKS_PER_MINUTE, parallelTasks };
	const jobs = randomJobs(tasks, randomOf(seed));
	const scenario: Scenario = {
		limits,
		own: own ?? limits,
		trouble: TROUBLE,
		workers,
		executions: 2,
		concurrency: 1,
		pollMs,
		keepTryingMs: HOUR_MS,
		seed,
	};
	const { makespanMs, accepted, refusals, gaveUp, waits } = await simulate(jobs, scenario);
	const sorted = waits.sort((a, b) => a - b);
	const [best, bound] = [bestInOrder(jobs, limits), lowerBound(jobs, limits)];
	return {
		tasks,
		parallelTasks,
		workers,
		overBest: makespanMs / best,
		overBound: makespanMs / bound,
		bestOverBound: best / bound,
		overBareBound: makespanMs / bareBound(jobs, limits),
		refusalsPerAccepted: refusals / accepted,
		gaveUp,
		waitOverMedian: (sorted.at(-1) ?? 0) / (sorted[Math.floor(sorted.length / 2)] ?? 1),
	};
}

/** Small batches against exact search: the worst case of many. */
export interface Exact {
	cases: number;
	/** Over the shortest of all schedules that start the jobs in their order. */
	worstInOrder: number;
	/** Over the shortest of all schedules of somebody who knows the future, on average. */
	meanInAnyOrder: number;
}

/** The node's scheduler, undisturbed, against all schedules of batches of 1 to `most` tasks. */
export async function measureExact(cases: number, most: number, seed: number): Promise<Exact> {
	let [worst, sum] = [1, 0];
	for (let n = 0; n < cases; n++) {
		const jobs = randomJobs(1 + (n % most), randomOf(seed + n));
		const limits: AccountLimits = { tasksPerMinute: [1, 2, 3, 1.5][n % 4] ?? 1, parallelTasks: 1 + (Math.floor(n / 4) % 4) };
		const alone = { workers: 1, executions: 1, concurrency: jobs.length, pollMs: 0, keepTryingMs: 0, seed };
		const { makespanMs } = await simulate(jobs, { limits, own: limits, trouble: NO_TROUBLE, ...alone });
		worst = Math.max(worst, makespanMs / shortestInOrder(jobs, limits));
		sum += makespanMs / shortestInAnyOrder(jobs, limits);
	}
	return { cases, worstInOrder: worst, meanInAnyOrder: sum / cases };
}
