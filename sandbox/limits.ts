import type { Account } from './accounts';
import { Refusal } from './answers';
import type { SandboxSettings } from './settings';
import type { TaskStore } from './tasks';

/**
 * Refuses a submit that the account may not make now; throws a `Refusal`.
 *
 * UNKNOWN which limit the live service looks at first, and whether it does before the body is in.
 * Here they are judged at the moment of acceptance, so that uploads in flight cannot slip past together.
 */
export function assertMayAccept(account: Account, tasks: TaskStore, settings: SandboxSettings): void {
	if (account.credits < 1) throw new Refusal('noCredits');
	const { tasksPerMinute, minuteMs, now } = settings;
	if (tasksPerMinute > 0 && tasks.acceptedSince(account.id, now() - minuteMs) >= tasksPerMinute) {
		throw new Refusal('rateLimit', `${tasksPerMinute} per minute`);
	}
	const parallel = settings.parallelTasks[account.level];
	// Without a limit nobody looks at all tasks: there may be thousands, and each submit would take longer than the last.
	if (Number.isFinite(parallel) && tasks.inProgress(account.id) >= parallel) throw new Refusal('parallelLimit', `${parallel} at a time`);
}
