import { estimate } from '../limiter/estimate';
import { TYPICAL_TASK_MS } from '../hidream/limits';
import { isExpired } from '../video/signedUrl';
import type { FailedItem } from '../shared/output';
import type { Plan } from './plan';

const MINUTE_MS = 60_000;

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
		const message = `"Video URL" is a signed URL that expires at ${new Date(expiresAt).toISOString()}, before the item can be sent (in about ${Math.ceil(waitMs / MINUTE_MS)} minutes)`;
		const hint = 'Create the URL with a longer expiry, submit fewer items at once, or download the video and set "Input Type" to Binary File.';
		expiring.set(item, { status: 'invalid', errorInfo: { message, hint } });
	}
	return expiring;
}
