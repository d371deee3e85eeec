import { estimate } from '../limiter/estimate';
import { TYPICAL_TASK_MS } from '../hidream/limits';
import { URL_MESSAGES } from '../shared/messages/aboutVideos';
import type { FailedItem } from '../shared/output';
import { isExpired } from '../video/signedUrl';
import { VIDEO_URL } from './parameters';
import type { Plan } from './plan';

const MINUTE_MS = 60_000;

/** The higher of two limits (0 = no limit): if they differ, the estimate remains a minimum. */
const wider = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : Math.max(a, b));

/** The minimum time for all tasks, in minutes. Accounts do not wait for each other, so the longest time counts. */
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

/** The limits of all items. 0 = no limit, as in the credential; null = unknown, since they differ or no item is valid. */
export const limitsOf = (plans: Plan[]): { tasks_per_minute: number | null; parallel_tasks: number | null } => ({
	tasks_per_minute: shared(plans.map(({ submission }) => submission.tasksPerMinute)),
	parallel_tasks: shared(plans.map(({ submission }) => submission.parallelTasks)),
});

/**
 * The items whose signed URL expires before the tasks per minute of the account let Submit send them, by their index. Such
 * an item is checked again when its turn comes, and is not sent then.
 * @param tasks the items to be submitted, in order
 */
export function findExpiring(tasks: ReadonlyMap<number, Plan>, now: number): Map<number, FailedItem> {
	const queued = new Map<Plan['account'], number>();
	const expiring = new Map<number, FailedItem>();
	for (const [item, { account, submission, expiresAt }] of tasks) {
		const position = (queued.get(account) ?? 0) + 1;
		queued.set(account, position);
		if (expiresAt === undefined) continue;
		const { tasksPerMinute } = submission;
		const waitMs = estimate({ tasks: position, tasksPerMinute, parallelTasks: 0, taskMs: TYPICAL_TASK_MS }).minutesToSubmit * MINUTE_MS;
		if (!isExpired(expiresAt, now + waitMs)) continue;
		const [reason, hint] = URL_MESSAGES.expires(new Date(expiresAt).toISOString(), Math.ceil(waitMs / MINUTE_MS));
		expiring.set(item, { status: 'invalid', errorInfo: { message: `"${VIDEO_URL.property.displayName}" ${reason}`, hint } });
	}
	return expiring;
}
