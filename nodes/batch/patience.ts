import type { Passing } from '../hidream/verdict';

/** The first pause before a repetition, in milliseconds, and the longest that doubling makes of it. */
const FIRST_PAUSE_MS: Readonly<Record<Passing, number>> = { noConnection: 1_000, busy: 2_000, token: 0 };
const LONGEST_PAUSE_MS = 30_000;

/** How often a request is repeated at most; a token is renewed once. */
const REPETITIONS: Readonly<Record<Passing, number>> = { noConnection: 3, busy: 20, token: 1 };

/**
 * How long to wait before a refused request is repeated, or undefined when it is not worth it any more.
 * A wait that the service names is kept; otherwise each pause is twice the one before.
 * @param waitedMs what the item has waited already
 * @param budgetMs what it may wait in all
 */
export function nextPause(
	passing: Passing,
	repetitions: number,
	{ retryAfterMs, waitedMs, budgetMs }: { retryAfterMs?: number; waitedMs: number; budgetMs: number },
): number | undefined {
	if (repetitions >= REPETITIONS[passing]) return undefined;
	// No budget means no repetition; a fresh token takes no time and is tried all the same.
	if (budgetMs <= 0 && passing !== 'token') return undefined;
	const pause = retryAfterMs ?? Math.min(FIRST_PAUSE_MS[passing] * 2 ** repetitions, LONGEST_PAUSE_MS);
	return waitedMs + pause > budgetMs ? undefined : pause;
}
