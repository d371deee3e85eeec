import type { Entry } from '../submission/ledger';
import { unresolvedRequest } from '../submission/submitItem';
import { errorInfoOf } from '../shared/messages/errorMessages';
import { submittedEarlier, unresolvedEarlier } from '../shared/messages/runMessages';
import type { FailedItem } from '../shared/output';

/**
 * What a failed check means for an item that an earlier attempt may have submitted. `invalid` says that there is surely no
 * task: it must not be said of an item that was accepted, or may have been.
 * @param entry what the ledger says of the item
 */
export function afterEarlierAttempt(failed: FailedItem, entry: Entry | undefined): FailedItem {
	if (entry?.state === 'accepted') {
		return { status: 'query_failed', errorInfo: submittedEarlier(failed.errorInfo, entry.taskId), requestId: entry.requestId };
	}
	const reason = unresolvedRequest(entry);
	if (!entry || !reason) return failed;
	return { status: 'uncertain', errorInfo: unresolvedEarlier(errorInfoOf(reason), failed.errorInfo), requestId: entry.requestId };
}
