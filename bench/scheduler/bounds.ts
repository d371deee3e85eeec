import { rateOf } from '../../nodes/limiter/slidingWindow';
import type { Job } from './jobs';
import { MINUTE_MS } from './limits';
import type { SimulatedLimits } from './limits';

const sum = (jobs: Job[], of: (job: Job) => number): number => jobs.reduce((total, job) => total + of(job), 0);

const minimum = (jobs: Job[], of: (job: Job) => number): number => jobs.reduce((min, job) => Math.min(min, of(job)), Infinity);

/**
 * The minimum time from the end of a task's upload to its own end: it starts when it is accepted, maybe before the upload
 * ends.
 */
const afterUpload = ({ runMs, uploadMs, acceptedAt }: Job): number => Math.max(0, runMs - uploadMs * (1 - acceptedAt));

const whole = (job: Job): number => job.uploadMs + afterUpload(job);

/**
 * The lower bound of every scheduler that keeps the node's promise (a rate slot is busy during the upload and one minute
 * longer, a parallel task from the start of the upload to the end of the task), in milliseconds: the longest of
 * - rate: all rate slots are busy for upload + window, except the last window of each;
 * - work: all parallel tasks are busy all the time;
 * - the longest task.
 */
export function lowerBound(jobs: Job[], { tasksPerMinute, parallelTasks }: SimulatedLimits): number {
	const { tasks, windowMs } = rateOf(tasksPerMinute, MINUTE_MS);
	const slots = sum(jobs, ({ uploadMs }) => uploadMs + windowMs) / tasks;
	const rate = slots - windowMs + minimum(jobs, afterUpload);
	const work = sum(jobs, whole) / parallelTasks;
	return Math.max(
		rate,
		work,
		jobs.reduce((max, job) => Math.max(max, whole(job)), 0),
	);
}

/** The same for a scheduler that knows when within an upload the service counts it: the service's bare rate. */
export function bareBound(jobs: Job[], limits: SimulatedLimits): number {
	const { tasks, windowMs } = rateOf(limits.tasksPerMinute, MINUTE_MS);
	const rate = (Math.ceil(jobs.length / tasks) - 1) * windowMs;
	const longest = jobs.reduce((max, job) => Math.max(max, job.runMs), 0);
	return Math.max(rate, sum(jobs, ({ runMs }) => runMs) / limits.parallelTasks, longest);
}

/** Index of the smallest value. */
const first = (values: number[]): number => values.indexOf(Math.min(...values));

/**
 * The shortest makespan of all schedules that start the jobs in order, each as soon as a rate slot and a parallel task
 * are free. An exact search confirms it for up to 8 jobs.
 */
export function bestInOrder(jobs: Job[], { tasksPerMinute, parallelTasks }: SimulatedLimits): number {
	const { tasks, windowMs } = rateOf(tasksPerMinute, MINUTE_MS);
	const minute = Array<number>(tasks).fill(0);
	const running = Array<number>(parallelTasks).fill(0);
	let [start, end] = [0, 0];
	for (const job of jobs) {
		const [m, r] = [first(minute), first(running)];
		start = Math.max(start, minute[m] ?? 0, running[r] ?? 0);
		minute[m] = start + job.uploadMs + windowMs;
		running[r] = start + whole(job);
		end = Math.max(end, start + whole(job));
	}
	return end;
}
