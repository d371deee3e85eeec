import { RATE_WINDOW_MS } from '../hidream/limits';
import { Pacer } from './pacer';

/** One pacer per account, shared by every execution of this process. */
const pacers = new Map<string, Pacer>();

/** @param account names the account: a hash of base URL and key or token */
export function pacerFor(account: string): Pacer {
	const known = pacers.get(account);
	if (known) return known;
	const pacer = new Pacer(RATE_WINDOW_MS);
	pacers.set(account, pacer);
	return pacer;
}
