import { RATE_WINDOW_MS } from '../hidream/limits';
import { systemClock } from './clock';
import { Scheduler } from './scheduler';
import { Watcher } from './watcher';

/** What all executions of this process share for one account. */
export interface SharedAccount {
	/** Says who may submit, and when. */
	scheduler: Scheduler;
	/** Asks about all tasks that are waited for, at once. */
	watcher: Watcher;
}

const accounts = new Map<string, SharedAccount>();

/** @param account names the account: a hash of base URL and key or token */
export function sharedAccount(account: string): SharedAccount {
	const known = accounts.get(account);
	if (known) return known;
	const scheduler = new Scheduler(RATE_WINDOW_MS);
	const shared = { scheduler, watcher: new Watcher(systemClock, () => scheduler.awaitsTaskEnd) };
	accounts.set(account, shared);
	return shared;
}
