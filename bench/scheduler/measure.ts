import { bareBound, bestInOrder, lowerBound } from './bounds';
import { shortestInAnyOrder, shortestInOrder } from './exact';
import { randomJobs } from './jobs';
import type { SimulatedLimits } from './limits';
import { randomOf } from './random';
import { simulate } from './simulation';
import type { Scenario } from './simulation';

/** HiDream's own limits: two tasks a minute, and the parallel tasks of the member levels. */
export const SIMULATED_PER_MINUTE = 2;

/** One unpredictable refusal in thirty requests, one lost connection in two hundred. */
const TROUBLE = { busy: 0.03, noConnection: 0.005 };

const NO_TROUBLE = { busy: 0, noConnection: 0 };

const HOUR_MS = 60 * 60_000;

/** Figures of one simulated batch. */
export interface Measured {
	tasks: number;
	parallelTasks: number;
	workers: number;
	/** Makespan over the best one of any scheduler with the same promise and the same order. */
	overBest: number;
	/** Makespan over max(rate, work / k, longest task). */
	overBound: number;
	/** The best possible over that bound, which cannot be reached. */
	bestOverBound: number;
	/** Makespan over the same bound for the service's bare rate, as if uploads took no time. */
	overBareBound: number;
	refusalsPerAccepted: number;
	gaveUp: number;
	/** The longest wait in the queue over the median one. */
	waitOverMedian: number;
}

export interface Setting {
	tasks: number;
	parallelTasks: number;
	workers?: number;
	/** The limits of each worker; by default those of the service. */
	own?: SimulatedLimits;
	pollMs?: number;
	seed: number;
}

/** Simulates one batch with refusals and lost connections. */
export async function measure({ tasks, parallelTasks, workers = 1, own, pollMs = 0, seed }: Setting): Promise<Measured> {
	const limits: SimulatedLimits = { tasksPerMinute: SIMULATED_PER_MINUTE, parallelTasks };
	const jobs = randomJobs(tasks, randomOf(seed));
	const scenario: Scenario = {
		limits,
		own: own ?? limits,
		trouble: TROUBLE,
		workers,
		executions: 2,
		concurrency: 1,
		pollMs,
		maxRetryMs: HOUR_MS,
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

/** Small batches compared with an exact search: the worst of many. */
export interface Exact {
	cases: number;
	/** Over the shortest of all schedules that start the jobs in order. */
	worstInOrder: number;
	/** Over the shortest of all schedules that know the future, on average. */
	meanInAnyOrder: number;
}

/** The node's scheduler, without refusals, compared with all schedules of batches of 1 to `most` tasks. */
export async function measureExact(cases: number, maxTasks: number, seed: number): Promise<Exact> {
	let [worst, sum] = [1, 0];
	for (let n = 0; n < cases; n++) {
		const jobs = randomJobs(1 + (n % maxTasks), randomOf(seed + n));
		const limits: SimulatedLimits = { tasksPerMinute: [1, 2, 3, 1.5][n % 4] ?? 1, parallelTasks: 1 + (Math.floor(n / 4) % 4) };
		const alone = { workers: 1, executions: 1, concurrency: jobs.length, pollMs: 0, maxRetryMs: 0, seed };
		const { makespanMs } = await simulate(jobs, { limits, own: limits, trouble: NO_TROUBLE, ...alone });
		worst = Math.max(worst, makespanMs / shortestInOrder(jobs, limits));
		sum += makespanMs / shortestInAnyOrder(jobs, limits);
	}
	return { cases, worstInOrder: worst, meanInAnyOrder: sum / cases };
}
