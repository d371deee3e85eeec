import type { SubmitReason } from '../hidream/verdict';

/** What is wrong with an item's input, in sentences for the user. */
export interface InputProblem {
	message: string;
	hint: string;
}

/**
 * Why an item has no task, or may have one. All of it is plain JSON, which the ledger keeps.
 * - `invalidInput`: found when the item's turn came;
 * - `keyNotRecorded`, `keyTimeout`: the database did not record the idempotency key, so this execution sent nothing;
 * - `keyUnresolved`: an earlier execution claimed the item's idempotency key, and nothing more is known of its request;
 * - `interrupted`: an earlier attempt of this execution ended before its response;
 * - `nodeFailed`: an error of the node itself, `detail`, during a request;
 * - `refusedTooLong`: the item was refused temporarily, and the account backs off for longer than the retry budget;
 * - `queuedTooLong`: another item was, and this one was not sent. `waitMs`: milliseconds until the account is free again.
 */
export type SubmissionReason =
	| SubmitReason
	| ({ code: 'invalidInput' } & InputProblem)
	| { code: 'keyNotRecorded'; detail: string }
	| { code: 'keyTimeout'; timeoutMs: number }
	| { code: 'keyUnresolved' }
	| { code: 'interrupted' }
	| { code: 'nodeFailed'; detail: string }
	| { code: 'refusedTooLong' | 'queuedTooLong'; waitMs: number; refusal: SubmissionReason };

/** The task that the response mentioned, although it is unclear whether there is one. */
export const mentionedTaskId = (reason: SubmissionReason): string | undefined => ('taskId' in reason ? reason.taskId : undefined);
