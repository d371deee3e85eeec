import type { StyleOptions } from '../hidream/styles';
import type { Verdict } from '../hidream/verdict';
import type { Clock } from '../async/clock';
import type { Ledger } from './ledger';
import type { InputProblem, SubmissionReason } from './reasons';
import type { Scheduler } from '../limiter/scheduler';

/**
 * The result of claiming a key:
 * - `claimed`: the key was free, and the video may be sent;
 * - `unresolved`: an earlier request claimed it and has not confirmed it: there may be a task;
 * - `submitted`: it has a task.
 */
export type KeyClaim = 'claimed' | 'unresolved' | 'submitted';

/**
 * What becomes of a claim after its request:
 * - `confirm`: the key has a task;
 * - `keep`: there may be a task, so the key stays unresolved;
 * - `release`: no task was created, so the key is free.
 */
export type KeyChange = 'confirm' | 'keep' | 'release';

/** The user's idempotency key of one item, in a store that survives a crash. Every call but `begin` and `end` may throw. */
export interface IdempotencyKey extends Record<KeyChange, () => Promise<void>> {
	/**
	 * Holds the key within this process, so that no other item submits with it.
	 * @param wait whether to wait while another item holds the key, at most until `signal` fires
	 * @returns false if another item holds it and `wait` is false
	 */
	begin: (wait: boolean, signal?: AbortSignal) => Promise<boolean>;
	/** Claims the key before the request. A claim that succeeds after `end` is undone, unless it took so long that other calls may be in flight. */
	claim: () => Promise<KeyClaim>;
	/** The item is settled: no further call follows. */
	end: () => void;
}

/** One item to submit. */
export interface Submission {
	/** Its key in the ledger. */
	key: string;
	/** Kept with the task, since the expressions of a later attempt may give another style. */
	styleOptions: StyleOptions;
	/** The `request_id` that the user gave; without one a UUID is made. */
	requestId?: string;
	/** Checks the input again when the item's turn has come: what is wrong with it now, or undefined. Never throws. */
	recheck?: () => InputProblem | undefined;
	/** Sends the request once and classifies the response; never throws. */
	send: (requestId: string, signal?: AbortSignal) => Promise<Verdict>;
	/** Makes the next `send` get a fresh token; undefined if no fresh token can be requested. */
	renewToken?: () => void;
	/** The user's idempotency key, where the item has one. */
	idempotencyKey?: IdempotencyKey;
	/** 0 = no limit; fractions count, see `rateOf`. */
	tasksPerMinute: number;
	/** 0 = no limit. */
	parallelTasks: number;
	/** The retry budget: how long a video that is refused temporarily is retried, in milliseconds. Waiting in the queue does not count. */
	maxRetryMs: number;
	onUnclearResponse: 'fail' | 'resubmit';
	/** Whether the item waits for a free slot and through temporary refusals, or is returned unsent. */
	whenLimitReached: 'wait' | 'return';
}

export type Outcome =
	/** `ended` releases the task's slot among the running tasks; `fresh` is false for a task of an earlier attempt. */
	| { kind: 'accepted'; requestId: string; taskId: string; subTaskIds: string[]; styleOptions: StyleOptions; fresh: boolean; ended: () => void }
	/** `invalid`: the input was found to be wrong when its turn came, so nothing was sent. */
	| { kind: 'refused'; requestId: string; reason: SubmissionReason; fatal?: true; invalid?: true }
	/** `fatal`: a later request was refused for a reason that would refuse every other item too. */
	| { kind: 'uncertain'; requestId: string; reason: SubmissionReason; fatal?: true }
	/** The item's idempotency key has a task. */
	| { kind: 'alreadySubmitted'; requestId: string }
	/** A limit is reached: the item was not sent, and can be submitted again after this many milliseconds. */
	| { kind: 'notSubmitted'; retryAfterMs: number }
	| { kind: 'cancelled' };

export interface Tools {
	ledger: Ledger;
	scheduler: Scheduler<SubmissionReason>;
	/** Whether the run sees the end of each task, so that `parallelTasks` can be kept; the task uses a slot until then. */
	keepsParallel: boolean;
	clock: Clock;
	/** Fires when the execution is cancelled: ends everything immediately. */
	signal?: AbortSignal;
	/** Fires when nothing new is to start: ends the wait for a permit, and nothing that is in flight. */
	stop?: AbortSignal;
	/** Called just before each request is sent. */
	onSend?: (requestId: string) => void;
	/** Called as soon as a task is known. */
	onAccepted?: (taskId: string, requestId: string) => void;
	/** Called with the item's final outcome while it still holds its permit: if the outcome ends the run, the next item must not get the permit. */
	onOutcome?: (outcome: Outcome) => void;
	/** Called after a temporary refusal, with the backoff of the account in milliseconds. */
	onBackOff?: (reason: SubmissionReason, waitMs: number) => void;
}
