import type { Patience } from './leave';

/** The first pause after a refusal that will pass, and the longest that doubling makes of it, in milliseconds. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

/** Whatever the service asks for, no account is asked again sooner, in milliseconds. */
const SHORTEST_PAUSE_MS = 1_000;

/** A row of refusals that nobody has added to for so long is an old story, in milliseconds. */
const ROW_ENDS_AFTER_MS = 60_000;

export interface Refusal extends Patience {
	/** When the refused submission was let go. */
	admittedAt: number;
}

/**
 * How long the service has an account wait. Limits are the account's: when it refuses one item because of
 * them it would refuse the next one too, so all wait. Without a named wait each pause is twice the one before,
 * and an acceptance halves it only: where other n8n processes use the account too, the pause finds their rhythm.
 */
export class HoldBack {
	private until = -Infinity;

	private pauseMs = 0;

	/** When the unbroken row of refusals began, and when it was last added to. */
	private row: { since: number; last: number } | undefined;

	/** Milliseconds from `now` until something may be submitted again. */
	waitFor(now: number): number {
		return Math.max(0, this.until - now);
	}

	/**
	 * A submission was refused for a reason that passes.
	 * @returns the milliseconds to wait, or undefined when that would be more than the budget: nobody waits for it then
	 */
	refused({ admittedAt, retryAfterMs, budgetMs }: Refusal, now: number): number | undefined {
		const isOld = !this.row || now > Math.max(this.row.last, this.until) + ROW_ENDS_AFTER_MS;
		this.row = { since: this.row && !isOld ? this.row.since : now, last: now };
		// Refusals of one breath are one: only who was let go after the last pause shows that it was too short.
		const grown = admittedAt >= this.until ? this.pauseMs * 2 : this.pauseMs;
		const pauseMs = Math.min(Math.max(grown, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
		const until = now + Math.max(retryAfterMs ?? pauseMs, SHORTEST_PAUSE_MS);
		if (until - this.row.since > budgetMs) return undefined;
		this.pauseMs = pauseMs;
		this.until = Math.max(this.until, until);
		return this.until - now;
	}

	/** A submission was accepted. */
	accepted(): void {
		this.row = undefined;
		this.pauseMs = this.pauseMs > FIRST_PAUSE_MS ? this.pauseMs / 2 : 0;
	}
}
