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

/** The connection, the exchange of the key, n8n itself, or a backoff of the account. Any other reason is the item's own. */
const ACCOUNT_REASONS: ReadonlySet<string> = new Set([
	...['noConnection', 'noToken', 'notSent', 'statusUnanswered', 'accountUnanswered'],
	...['keyNotRecorded', 'keyTimeout', 'refusedTooLong', 'queuedTooLong'],
]);

/** Whether the next item would fare no better, so that a batch can stop and keep its items. */
export function meetsEveryItem(reason: SubmissionReason | QueryReason | AccountReason): boolean {
	const isRefusal = reason.code === 'refused' || reason.code === 'statusRefused' || reason.code === 'accountRefused';
	return isRefusal ? refusesAccount(reason) : ACCOUNT_REASONS.has(reason.code);
}
