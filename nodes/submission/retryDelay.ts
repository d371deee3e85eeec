import type { RetryReason, Verdict } from '../hidream/verdict';
import { mentionedTaskId } from './reasons';
import type { Submission } from './submission';

/** How often a request without a connection is sent again, and the first delay before it, which doubles each time. */
const NO_CONNECTION_RETRIES = 3;
const NO_CONNECTION_DELAY_MS = 1_000;

/** How often an uncertain request is sent again when the user asked for that, within one attempt of the execution. */
const UNCERTAIN_RETRIES = 2;
const UNCERTAIN_DELAY_MS = 5_000;

/** How often the requests of one item have failed so far, by how. */
export type Failures = Record<Exclude<RetryReason, 'busy'> | 'uncertain', number>;

/**
 * How long the item itself waits before its next attempt, in milliseconds; undefined when there is none.
 * Refusals that make the whole account back off are not its own.
 */
export function retryDelay({ onUnclearResponse, renewToken, maxRetryMs }: Submission, verdict: Verdict, failures: Failures): number | undefined {
	// A task that was mentioned can be looked up; sending the video again would lose its ID.
	if (verdict.kind === 'uncertain' && onUnclearResponse === 'resubmit' && mentionedTaskId(verdict.reason) === undefined) {
		return failures.uncertain++ < UNCERTAIN_RETRIES ? UNCERTAIN_DELAY_MS : undefined;
	}
	if (verdict.kind !== 'refused' || verdict.fatal) return undefined;
	if (verdict.retryReason === 'token') return renewToken && failures.token++ < 1 ? 0 : undefined;
	if (verdict.retryReason !== 'noConnection') return undefined;
	const delayMs = NO_CONNECTION_DELAY_MS * 2 ** failures.noConnection;
	// Doubling delays: this one and all before it make up twice this one, less the first.
	const totalMs = 2 * delayMs - NO_CONNECTION_DELAY_MS;
	return failures.noConnection++ < NO_CONNECTION_RETRIES && totalMs <= maxRetryMs ? delayMs : undefined;
}
