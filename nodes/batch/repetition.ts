import type { Passing, Verdict } from '../hidream/verdict';
import type { Submission } from './submission';

/** How often a request without a connection is sent again, and the first pause before it, which doubles each time. */
const NO_CONNECTION_REPETITIONS = 3;
const NO_CONNECTION_PAUSE_MS = 1_000;

/** How often an uncertain request is sent again when the user asked for that, within one try. */
const UNCERTAIN_REPETITIONS = 2;
const UNCERTAIN_PAUSE_MS = 5_000;

/** How often the requests of one item have failed so far, by how. */
export type Failures = Record<Exclude<Passing, 'busy'> | 'uncertain', number>;

/**
 * How long the item itself pauses before it is offered again, in milliseconds; undefined when it is not.
 * Refusals that hold the whole account back are not its own.
 */
export function pauseOf(submission: Submission, verdict: Verdict, failures: Failures): number | undefined {
	if (verdict.kind === 'uncertain' && submission.whenUncertain === 'resubmit') {
		return failures.uncertain++ < UNCERTAIN_REPETITIONS ? UNCERTAIN_PAUSE_MS : undefined;
	}
	if (verdict.kind !== 'refused') return undefined;
	if (verdict.passing === 'token') return submission.renewToken && failures.token < 1 ? 0 : undefined;
	if (verdict.passing !== 'noConnection') return undefined;
	const pause = NO_CONNECTION_PAUSE_MS * 2 ** failures.noConnection;
	// Doubling pauses: this one and all before it make up twice this one, less the first.
	const inAllMs = 2 * pause - NO_CONNECTION_PAUSE_MS;
	const isWorthIt = failures.noConnection++ < NO_CONNECTION_REPETITIONS && inAllMs <= submission.budgetMs;
	return isWorthIt ? pause : undefined;
}
