import { estimate } from '../limiter/estimate';
import { TYPICAL_TASK_MS } from '../hidream/limits';
import type { Plan } from './plan';

/** The wider of two limits, of which 0 is none: where limits differ, the estimate stays a least time. */
const wider = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : Math.max(a, b));

/** The least time for all tasks, in minutes. Accounts do not wait for each other, so the longest one counts. */
export function estimateTimes(tasks: Plan[]): { minutes_to_submit: number; minutes_to_finish: number } {
	const times = { minutes_to_submit: 0, minutes_to_finish: 0 };
	for (const account of new Set(tasks.map((plan) => plan.account))) {
		const ours = tasks.filter((plan) => plan.account === account).map(({ submission }) => submission);
		const { minutesToSubmit, minutesToFinish } = estimate({
			tasks: ours.length,
			tasksPerMinute: ours.map(({ tasksPerMinute }) => tasksPerMinute).reduce(wider),
			parallelTasks: ours.map(({ parallelTasks }) => parallelTasks).reduce(wider),
			taskMs: TYPICAL_TASK_MS,
		});
		times.minutes_to_submit = Math.max(times.minutes_to_submit, minutesToSubmit);
		times.minutes_to_finish = Math.max(times.minutes_to_finish, minutesToFinish);
	}
	return times;
}

/** A value that all share; null when they differ or there are none. */
const shared = (values: number[]): number | null => (new Set(values).size === 1 ? (values[0] ?? null) : null);

/** The limits that all items are under; null where they differ. 0 = no limit. */
export const limitsOf = (plans: Plan[]): { tasks_per_minute: number | null; parallel_tasks: number | null } => ({
	tasks_per_minute: shared(plans.map(({ submission }) => submission.tasksPerMinute)),
	parallel_tasks: shared(plans.map(({ submission }) => submission.parallelTasks)),
});
