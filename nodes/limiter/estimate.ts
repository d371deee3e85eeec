import { rateOf } from './slidingWindow';

/** A number of tasks of one account, and the limits that slow them down. */
export interface Workload {
	tasks: number;
	/** 0 = no limit; fractions count, see `rateOf`. */
	tasksPerMinute: number;
	/** 0 = no limit. */
	parallelTasks: number;
	/** How long one task runs, in milliseconds. */
	taskMs: number;
}

const MINUTE_MS = 60_000;

const toTenths = (minutes: number): number => Math.round(minutes * 10) / 10;

/** How many can start immediately; a limit below 1 lets one through, as the scheduler does. */
const capacityOf = (limit: number): number => (limit > 0 ? Math.max(1, Math.floor(limit)) : Infinity);

/** When the last task starts at the earliest, in milliseconds after the first. */
function lastStartMs(tasks: number, tasksPerMinute: number): number {
	if (tasksPerMinute <= 0) return 0;
	const rate = rateOf(tasksPerMinute, MINUTE_MS);
	return Math.floor((tasks - 1) / rate.tasks) * rate.windowMs;
}

/**
 * The minimum time that the limits allow for a workload. It counts neither uploads nor other executions of the account, so
 * the real time can only be longer. The end is bounded by the rate (the last task starts late, and then runs) and by the
 * parallel slots (tasks of one length run in rounds, each full but the last).
 * @returns the time from the first submission to the last one, and to the end of the last task, in minutes, to a tenth
 */
export function estimate({ tasks, tasksPerMinute, parallelTasks, taskMs }: Workload): { minutesToSubmit: number; minutesToFinish: number } {
	if (tasks <= 0) return { minutesToSubmit: 0, minutesToFinish: 0 };
	const rounds = Math.max(1, Math.ceil(tasks / capacityOf(parallelTasks)));
	const taskMinutes = taskMs / MINUTE_MS;
	const lastStart = lastStartMs(tasks, tasksPerMinute) / MINUTE_MS;
	return {
		minutesToSubmit: toTenths(lastStart),
		minutesToFinish: toTenths(Math.max(lastStart + taskMinutes, rounds * taskMinutes)),
	};
}
