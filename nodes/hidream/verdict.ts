import { codeKey, isKnownRefusal, isOk, meaningOf } from './codes';
import type { TransportError } from './http';
import type { ParsedResponse, Said } from './response';

/**
 * What a response, or a missing one, means for money: whether a task exists now.
 * Everything that decides between "send again" and "never send again" is decided here.
 */

/** Why a submit did not give a task. All of it is plain JSON. */
export type SubmitReason =
	/** A refusal. Without a `vendorCode` it need not come from HiDream. */
	| ({ code: 'refused' } & Said)
	/** A refusal that contains a task ID: `taskId`. */
	| ({ code: 'refusedWithTask' } & Said)
	/** A success without a task ID. */
	| ({ code: 'noTaskId' } & Said)
	/** The response does not tell whether there is a task. */
	| ({ code: 'unclearResponse' } & Said)
	| TransportError;

/** Why a retry may succeed. */
export type RetryReason = 'noConnection' | 'busy' | 'token';

/** There is a task. `subTaskIds` is empty where the response names none. */
interface Accepted {
	kind: 'accepted';
	taskId: string;
	subTaskIds: string[];
}

/** No task was created. */
export interface Refused<R = SubmitReason> {
	kind: 'refused';
	reason: R;
	retryReason?: RetryReason;
	/** The delay that the service asked for, in milliseconds. */
	retryAfterMs?: number;
	/** Nothing else needs to be tried in this run. */
	fatal?: true;
}

/** There may be a task. */
export interface Uncertain<R = SubmitReason> {
	kind: 'uncertain';
	reason: R;
}

/** The classified result of a submit. @typeParam R why there is no task, or may be one */
export type Verdict<R = SubmitReason> = Accepted | Refused<R> | Uncertain<R>;

/**
 * LIKELY: HTTP statuses that are returned before a request is processed, so no task exists. Every other 3xx and 4xx may
 * come after the task was created. (The response of a proxy that opens no tunnel is a `NothingSent`.)
 */
const REFUSING_STATUSES: ReadonlySet<number> = new Set([
	301, 302, 307, 308, 400, 401, 403, 404, 405, 411, 413, 414, 415, 422, 429, 431,
]);

/** Whether a response refuses the token, by its HTTP status (LIKELY) or its code. */
export const refusesToken = ({ httpStatus, vendorCode }: Said): boolean => httpStatus === 401 || meaningOf(vendorCode)?.badToken === true;

function refused(said: Said, retryAfterMs: number | undefined, isRetryCode: boolean): Refused {
	const { httpStatus: status, vendorCode } = said;
	const meaning = meaningOf(vendorCode);
	const busy = status === 429 || status === 503 || meaning?.retryable === true || isRetryCode;
	return {
		kind: 'refused',
		reason: { code: 'refused', ...said },
		retryReason: busy ? 'busy' : refusesToken(said) ? 'token' : undefined,
		retryAfterMs,
		fatal: isRetryCode ? undefined : meaning?.fatal,
	};
}

/**
 * Classifies a response to a submit. It is refused only if it is certain that no task was created.
 * - accepted: a `task_id` with the `code` of a success, or without a code, whatever else is wrong with the response;
 * - refused: a `code` that is known to mean no task; any `code` of an error with HTTP 200 or a refusing status; a
 *   refusing status; 503 with Retry-After (UNKNOWN whether HiDream sends it). Never one that names a task;
 * - uncertain: everything else.
 * @param retryCodes codes that the user calls temporary, as `codeKey` gives them
 */
export function classifyResponse(response: ParsedResponse, retryCodes: ReadonlySet<string>): Verdict {
	const { subTaskIds, mentionsTask, mentionedTaskId, retryAfterMs, ...said } = response;
	const { httpStatus: status, vendorCode, taskId } = said;
	const isErrorCode = vendorCode !== undefined && !isOk(vendorCode);
	if (taskId !== undefined && !isErrorCode) return { kind: 'accepted', taskId, subTaskIds };
	if (taskId !== undefined) return { kind: 'uncertain', reason: { code: 'refusedWithTask', ...said } };
	const isRetryCode = isErrorCode && retryCodes.has(codeKey(vendorCode));
	const isKnownError = isRetryCode || (isErrorCode && isKnownRefusal(vendorCode));
	const isBusy = status === 503 && retryAfterMs !== undefined;
	const isRefusal = isKnownError || isBusy || (isErrorCode && status === 200) || (REFUSING_STATUSES.has(status) && (isErrorCode || vendorCode === undefined));
	if (isRefusal && !mentionsTask) return refused(said, retryAfterMs, isRetryCode);
	const lacksTask = mentionedTaskId === undefined && vendorCode !== undefined && !isErrorCode && status === 200;
	return { kind: 'uncertain', reason: { code: lacksTask ? 'noTaskId' : 'unclearResponse', ...said, taskId: mentionedTaskId } };
}

/** Whether a retry would get the same status from the proxy. */
const isLasting = (proxyStatus = 500): boolean => proxyStatus < 500 && proxyStatus !== 408 && proxyStatus !== 429;

/** Classifies a submit without a response: only one of which the last byte was handed over is uncertain. */
export function classifyTransportError(failure: TransportError): Refused | Uncertain {
	switch (failure.code) {
		case 'brokeAfter':
			return { kind: 'uncertain', reason: failure };
		case 'noConnection':
			return { kind: 'refused', reason: failure, retryReason: isLasting(failure.proxyStatus) ? undefined : 'noConnection' };
		case 'noToken':
			return { kind: 'refused', reason: failure, retryReason: failure.temporary ? 'noConnection' : undefined };
		case 'notSent':
		case 'cancelled':
		case 'unreadable':
		case 'brokeBefore':
			return { kind: 'refused', reason: failure };
	}
}

/** LIKELY: with these HTTP statuses a service, or a proxy, blames the request; with any other refusal, the next request gets the same response. */
const ITEM_STATUSES: ReadonlySet<number> = new Set([200, 400, 411, 413, 414, 415, 422, 431]);

/** With a code of HiDream's own, these may be about the content of a video as well. */
const ITEM_STATUSES_WITH_CODE: ReadonlySet<number> = new Set([403, 404]);

/** Whether a refusal is about the account, so that the next item gets the same response. */
export function refusesAccount({ httpStatus, vendorCode }: Said): boolean {
	const isItems = ITEM_STATUSES.has(httpStatus) || (vendorCode !== undefined && ITEM_STATUSES_WITH_CODE.has(httpStatus));
	return !isItems || meaningOf(vendorCode)?.scope === 'account';
}
