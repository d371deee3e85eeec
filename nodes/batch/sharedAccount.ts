import { RATE_WINDOW_MS } from '../hidream/limits';
import { systemClock } from './clock';
import type { Clock } from './clock';
import { Scheduler } from './scheduler';
import { SharedMap } from './sharedMap';
import { Watcher } from './watcher';

/** What all executions of this process share for one account. */
export interface SharedAccount {
	/** Says who may submit, and when. */
	scheduler: Scheduler;
	/** Queries all tasks that are waited for, at once. */
	watcher: Watcher;
}

/** The accounts of a process, by name. One that is idle is evicted. */
export const accountsOf = (clock: Clock): SharedMap<SharedAccount> =>
	new SharedMap(
		() => {
			const scheduler = new Scheduler(RATE_WINDOW_MS, clock);
			return { scheduler, watcher: new Watcher(clock, () => scheduler.awaitsTaskEnd) };
		},
		({ scheduler, watcher }) => scheduler.isIdle && watcher.isIdle,
		clock.now,
	);

const accounts = accountsOf(systemClock);

/** @param account names the account: a hash of base URL and key or token */
export const sharedAccount = (account: string): SharedAccount => accounts.get(account);
