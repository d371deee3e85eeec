import { meaningOf } from '../hidream/codes';
import type { AccountReason } from '../hidream/query';
import type { QueryReason } from '../hidream/queryTasks';
import type { Said } from '../hidream/response';
import type { SubmissionReason } from '../submission/reasons';

/** LIKELY: with these HTTP statuses a service, or a proxy, blames the request; with any other that says no, the next one meets the same. */
const ITEM_STATUSES: ReadonlySet<number> = new Set([200, 400, 411, 413, 414, 415, 422, 431]);

/** With a code of HiDream's own, these may be about the content of a video as well. */
const ITEM_STATUSES_WITH_CODE: ReadonlySet<number> = new Set([403, 404]);

function refusesAccount({ httpStatus, vendorCode }: Said): boolean {
	const isItems = ITEM_STATUSES.has(httpStatus) || (vendorCode !== undefined && ITEM_STATUSES_WITH_CODE.has(httpStatus));
	return !isItems || meaningOf(vendorCode)?.scope === 'account';
}

/**
 * Whether the next item would fare no better: the account, the connection or n8n is at fault, and not the item. A batch can
 * stop then and keep its items.
 */
export function meetsEveryItem(reason: SubmissionReason | QueryReason | AccountReason): boolean {
	switch (reason.code) {
		case 'refused':
		case 'statusRefused':
		case 'accountRefused':
			return refusesAccount(reason);
		case 'noConnection':
		case 'noToken':
		case 'notSent':
		case 'statusUnanswered':
		case 'accountUnanswered':
		case 'keyNotRecorded':
		case 'keyTimeout':
		case 'refusedTooLong':
		case 'queuedTooLong':
			return true;
		case 'refusedWithTask':
		case 'noTaskId':
		case 'unclearResponse':
		case 'cancelled':
		case 'unreadable':
		case 'brokeBefore':
		case 'brokeAfter':
		case 'invalidInput':
		case 'keyUnresolved':
		case 'interrupted':
		case 'nodeFailed':
			return false;
	}
}
