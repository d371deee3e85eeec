import type { Verdict } from '../hidream/verdict';

/** The limits that a submission has to keep. */
export interface Limits {
	/** 0 = no pacing; below 1: one task in several minutes. */
	tasksPerMinute: number;
	/** 0 = no limit; undefined where the end of the task is not learnt, so that the limit cannot be kept. */
	parallelTasks?: number;
}

/** How a refusal that will pass is waited out. */
export interface Patience {
	/** The wait that the service named, in milliseconds. */
	retryAfterMs?: number;
	/** How long refusals may be waited out, in milliseconds, counted from the first of an unbroken row. */
	budgetMs: number;
}

/** The leave to submit one task. Whoever has it must say, once, what came of it. */
export interface Leave {
	/** Its number in the line; who is put back keeps it. */
	readonly arrival: number;
	/** The submission has its answer. */
	answered: (kind: Verdict['kind']) => void;
	/**
	 * … and it is a refusal that will pass: the whole account waits.
	 * @returns the milliseconds to wait; undefined when that is more than the budget: then nobody waits
	 */
	refusedForNow: (patience: Patience) => number | undefined;
	/** The task has ended, or is no longer waited for. */
	ended: () => void;
}
