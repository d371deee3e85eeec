import type { Entry } from '../submission/ledger';
import { unresolvedRequest } from '../submission/submitItem';
import { errorInfoOf } from '../shared/messages';
import type { FailedItem } from '../shared/output';

/**
 * What a failed check means for an item that an earlier attempt may have submitted. `invalid` says that there is surely no
 * task: it must not be said of an item that was accepted, or may have been.
 * @param entry what the ledger says of the item
 */
export function afterEarlierAttempt(failed: FailedItem, entry: Entry | undefined): FailedItem {
	const { message, hint } = failed.errorInfo;
	if (entry?.state === 'accepted') {
		const errorInfo = {
			message: `An earlier attempt submitted this item, but the item cannot be checked now: ${message}`,
			hint: `${hint} To get the result, use Get Result with the task ID ${entry.taskId}.`,
			taskId: entry.taskId,
		};
		return { status: 'query_failed', errorInfo, requestId: entry.requestId };
	}
	const reason = unresolvedRequest(entry);
	if (!entry || !reason) return failed;
	const unresolved = errorInfoOf(reason);
	return { status: 'uncertain', errorInfo: { ...unresolved, message: `${unresolved.message}. It cannot be sent again: ${message}` }, requestId: entry.requestId };
}
