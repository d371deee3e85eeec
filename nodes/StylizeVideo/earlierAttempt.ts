import type { Entry } from '../batch/ledger';
import { doubtOf } from '../batch/submitItem';
import type { Failed } from './output';

/**
 * What a failed check means for an item that an earlier try may have paid for. `invalid` says that there is surely no
 * task: it must not be said of an item that was accepted, or may have been.
 * @param entry what the ledger says of the item
 */
export function afterEarlierAttempt(failed: Failed, entry: Entry | undefined): Failed {
	const { what, advice } = failed.problem;
	if (entry?.state === 'accepted') {
		const problem = {
			what: `An earlier attempt submitted this item, but the item cannot be checked now: ${what}`,
			advice: `${advice} To get the result, use Get Result with the task ID ${entry.taskId}.`,
			taskId: entry.taskId,
		};
		return { status: 'query_failed', problem, requestId: entry.requestId };
	}
	const doubt = doubtOf(entry);
	if (!entry || !doubt) return failed;
	return { status: 'uncertain', problem: { ...doubt, what: `${doubt.what}. It cannot be sent again: ${what}` }, requestId: entry.requestId };
}
