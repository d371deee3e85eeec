import type { SandboxAccount } from './accounts';
import { Refusal } from './responses';
import type { SandboxSettings } from './settings';
import type { TaskStore } from './tasks';

/**
 * Refuses a submit that exceeds the account's limits; throws a `Refusal`.
 *
 * It is UNKNOWN which limit the live service checks first, and whether it does so before the body has arrived.
 * Here they are checked at the time of acceptance, so that concurrent uploads cannot exceed them together.
 */
export function assertMayAccept(account: SandboxAccount, tasks: TaskStore, settings: SandboxSettings): void {
	if (account.credits < 1) throw new Refusal('noCredits');
	const { tasksPerMinute, minuteMs, now } = settings;
	if (tasksPerMinute > 0 && tasks.acceptedSince(account.id, now() - minuteMs) >= tasksPerMinute) {
		throw new Refusal('rateLimit', `${tasksPerMinute} per minute`);
	}
	const parallel = settings.parallelTasks[account.level];
	// Without a limit the tasks are not counted: there may be thousands, and each submit would take longer than the last.
	if (Number.isFinite(parallel) && tasks.inProgress(account.id) >= parallel) throw new Refusal('parallelLimit', `${parallel} at a time`);
}
