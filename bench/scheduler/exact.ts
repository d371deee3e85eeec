import { rateOf } from '../../nodes/limiter/slidingWindow';
import type { Job } from './jobs';
import { MINUTE_MS } from './limits';
import type { SimulatedLimits } from './limits';

interface Started {
	start: number;
	answer: number;
	end: number;
}

/** Whether one more may start at `t`: the node's promise in three lines, independent of its scheduler. */
function mayStart(before: Started[], t: number, { tasksPerMinute, parallelTasks }: SimulatedLimits): boolean {
	const { tasks, windowMs } = rateOf(tasksPerMinute, MINUTE_MS);
	return before.filter(({ answer }) => t < answer + windowMs).length < tasks && before.filter(({ end }) => t < end).length < parallelTasks;
}

/** All times at which the next start may make sense: when something ended, or immediately. */
function moments(before: Started[], { tasksPerMinute }: SimulatedLimits): number[] {
	const { windowMs } = rateOf(tasksPerMinute, MINUTE_MS);
	return [...new Set([0, ...before.flatMap(({ start, answer, end }) => [start, answer, answer + windowMs, end])])].sort((a, b) => a - b);
}

const startAt = ({ uploadMs, runMs, acceptedAt }: Job, start: number): Started => ({
	start,
	answer: start + uploadMs,
	end: Math.max(start + uploadMs, start + uploadMs * acceptedAt + runMs),
});

/**
 * The shortest makespan of all schedules that start the jobs in order, found by trying every time for every job.
 * For up to 8 jobs.
 */
export function shortestInOrder(jobs: Job[], limits: SimulatedLimits): number {
	let best = Infinity;
	const search = (before: Started[]): void => {
		const job = jobs[before.length];
		const soFar = Math.max(0, ...before.map(({ end }) => end));
		if (soFar >= best) return;
		if (!job) {
			best = soFar;
			return;
		}
		const earliest = before.at(-1)?.start ?? 0;
		for (const t of moments(before, limits)) {
			if (t >= earliest && t < best && mayStart(before, t, limits)) search([...before, startAt(job, t)]);
		}
	};
	search([]);
	return best;
}

function* permutations<T>(values: T[]): Generator<T[]> {
	if (values.length < 2) yield values;
	for (const [i, value] of values.entries()) {
		if (values.length < 2) return;
		for (const rest of permutations(values.filter((_, j) => j !== i))) yield [value, ...rest];
	}
}

/** The same in the best order, for a scheduler that knows how long each task will run. */
export function shortestInAnyOrder(jobs: Job[], limits: SimulatedLimits): number {
	let best = Infinity;
	for (const order of permutations(jobs)) {
		const started: Started[] = [];
		for (const job of order) {
			const earliest = started.at(-1)?.start ?? 0;
			const t = moments(started, limits).find((moment) => moment >= earliest && mayStart(started, moment, limits)) ?? Infinity;
			started.push(startAt(job, t));
		}
		best = Math.min(best, Math.max(...started.map(({ end }) => end)));
	}
	return best;
}
