/** The limits that a submission has to keep. */
export interface Limits {
	/** 0 = no limit; fractions count, see `rateOf`. */
	tasksPerMinute: number;
	/** 0 = no limit; undefined if the end of a task is unknown, so the limit cannot be kept. */
	parallelTasks?: number;
}

/** A temporary refusal of one submission. @typeParam R what the service gave as its reason */
export interface TemporaryRefusal<R = unknown> {
	reason: R;
	/** The delay that the service asked for, in milliseconds. */
	retryAfterMs?: number;
	/** The item's retry budget, in milliseconds. */
	maxRetryMs: number;
}

/** The account backs off for longer than the item's retry budget, so the item should not wait. */
export interface BackoffTooLong<R = unknown> {
	/** Milliseconds until the service takes requests again. */
	remainingMs: number;
	/** Why the service refused the submission that made the account back off. */
	reason: R;
}

/** What is known of a task after its submission. */
export type SubmitResult = 'accepted' | 'refused' | 'uncertain';

/** The permit to submit one task. Must be released exactly once. */
export interface Permit<R = unknown> {
	/** Its number in the queue; a retry keeps it. */
	readonly ticket: number;
	/**
	 * The submission was refused temporarily: the whole account backs off. The permit is still to be released.
	 * @returns how long it backs off, in milliseconds, and whether that exceeds the item's retry budget
	 */
	backOff: (refusal: TemporaryRefusal<R>) => { ms: number; overBudget: boolean };
	/** The submission is over: it made a task, made none, or may have made one. */
	release: (result: SubmitResult) => void;
	/** The task has ended, or is no longer waited for. */
	ended: () => void;
}
