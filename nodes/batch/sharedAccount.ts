import { RATE_WINDOW_MS } from '../hidream/limits';
import { Pacer } from './pacer';
import { Watcher } from './watcher';

/** What all executions of this process share for one account. */
export interface SharedAccount {
	/** Tasks submitted within a minute. */
	rate: Pacer;
	/** Tasks that run at the same time. */
	parallel: Pacer;
	/** Asks about all tasks that are waited for, at once. */
	watcher: Watcher;
}

const accounts = new Map<string, SharedAccount>();

/** @param account names the account: a hash of base URL and key or token */
export function sharedAccount(account: string): SharedAccount {
	const known = accounts.get(account);
	if (known) return known;
	const shared = { rate: new Pacer(RATE_WINDOW_MS), parallel: new Pacer(0), watcher: new Watcher() };
	accounts.set(account, shared);
	return shared;
}
