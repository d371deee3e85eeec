import { RATE_WINDOW_MS } from '../hidream/limits';
import type { SubmissionReason } from '../submission/reasons';
import { systemClock, type Clock } from '../async/clock';
import { Scheduler } from '../limiter/scheduler';
import { SharedMap } from '../async/sharedMap';
import { TaskPoller } from '../polling/taskPoller';

/** What all executions of this process share for one account. */
export interface SharedAccount {
	/** Decides when each item may be submitted. */
	scheduler: Scheduler<SubmissionReason>;
	/** Queries all tasks that are waited for, in one batch. */
	taskPoller: TaskPoller;
}

/** The accounts of a process, by key. One that is idle is evicted. */
export const accountsOf = (clock: Clock): SharedMap<SharedAccount> =>
	new SharedMap(
		() => {
			const scheduler = new Scheduler<SubmissionReason>(RATE_WINDOW_MS, clock);
			return { scheduler, taskPoller: new TaskPoller(clock, () => scheduler.awaitsTaskEnd) };
		},
		({ scheduler, taskPoller }) => scheduler.isIdle && taskPoller.isIdle,
		clock.now,
	);

const accounts = accountsOf(systemClock);

/** @param key identifies the account: a hash of base URL and secret */
export const sharedAccount = (key: string): SharedAccount => accounts.get(key);
