import type { BackoffTooLong, Permit, TemporaryRefusal } from './permit';

/** The first backoff after a temporary refusal, and the longest that doubling makes of it, in milliseconds. */
const FIRST_MS = 2_000;
const MAX_MS = 30_000;

/** Minimum backoff, in milliseconds, also if the service asks for less. */
const MIN_MS = 1_000;

/** A failure streak ends after this time without a refusal, in milliseconds. */
const STREAK_ENDS_AFTER_MS = 60_000;

/** Unbroken temporary refusals of one account. */
interface Streak {
	/** How long they have lasted, in milliseconds: attempts and backoff, without the time in the queue. */
	spentMs: number;
	last: number;
}

/**
 * How long an account sends nothing. Limits are the account's: if the service refuses one item because of them, it would
 * refuse the next one too. Without a Retry-After each delay is twice the one before, with jitter; an acceptance only
 * halves it, so that several n8n processes which share the account find its rate.
 */
export class Backoff<R = unknown> {
	private until = -Infinity;

	private delayMs = 0;

	private streak: Streak | undefined;

	/** The refusal that set `until`. */
	private reason: R | undefined;

	/** @param random between 0 and 1 */
	constructor(private readonly random: () => number) {}

	/** Milliseconds from `now` until something may be submitted again. */
	waitFor(now: number): number {
		return Math.max(0, this.until - now);
	}

	/** Why an item should not wait: the streak so far and the remaining wait exceed its retry budget. */
	tooLong(maxRetryMs: number, now: number): BackoffTooLong<R> | undefined {
		const remainingMs = this.waitFor(now);
		const exceeds = remainingMs > 0 && (this.streak?.spentMs ?? 0) + remainingMs > maxRetryMs;
		return exceeds && this.reason ? { remainingMs, reason: this.reason } : undefined;
	}

	/** A submission was refused temporarily. The account backs off even if that exceeds the item's retry budget. */
	refused({ reason, retryAfterMs, maxRetryMs }: TemporaryRefusal<R>, startedAt: number, now: number): ReturnType<Permit['backOff']> {
		this.streak = { spentMs: this.spentMs(startedAt, now), last: now };
		// Concurrent refusals count once: only one that started after the last backoff shows that it was too short.
		const grown = startedAt >= this.until ? this.delayMs * 2 : this.delayMs;
		this.delayMs = Math.min(Math.max(grown, FIRST_MS), MAX_MS);
		const jittered = (this.delayMs * (1 + this.random())) / 2;
		const until = now + Math.max(retryAfterMs ?? jittered, MIN_MS);
		if (until > this.until) [this.until, this.reason] = [until, reason];
		return { ms: this.waitFor(now), overBudget: this.tooLong(maxRetryMs, now) !== undefined };
	}

	/** A submission was accepted. */
	accepted(): void {
		this.streak = undefined;
		this.delayMs = this.delayMs > FIRST_MS ? this.delayMs / 2 : 0;
	}

	private spentMs(startedAt: number, now: number): number {
		if (!this.streak || startedAt > Math.max(this.streak.last, this.until) + STREAK_ENDS_AFTER_MS) return 0;
		const queuedMs = Math.max(0, startedAt - Math.max(this.until, this.streak.last));
		return this.streak.spentMs + now - this.streak.last - queuedMs;
	}
}
