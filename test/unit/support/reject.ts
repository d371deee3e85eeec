import type { Permit, Rejection } from '../../../nodes/batch/permit';
import { problem } from './verdicts';

/**
 * The service refuses the submission temporarily.
 * @returns the milliseconds that the account backs off; undefined where that is more than the retry budget
 */
export function reject(permit: Permit | undefined, rejection: Partial<Rejection> = {}): number | undefined {
	if (!permit) throw new Error('There is no permit');
	const { ms, overBudget } = permit.backOff({ problem: problem('an earlier one'), maxRetryMs: 600_000, ...rejection });
	permit.release('refused');
	return overBudget ? undefined : ms;
}
