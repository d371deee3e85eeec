import { isOk, meaningOf } from '../../hidream/codes';
import type { TransportError } from '../../hidream/http';
import type { AccountReason } from '../../hidream/query';
import type { QueryReason } from '../../hidream/queryTasks';
import type { Said } from '../../hidream/response';
import { refusesAccount, refusesToken } from '../../hidream/verdict';
import type { SubmissionReason } from '../../submission/reasons';
import { CHECK_BASE_URL, CODE_HINTS, failureText, foreignHint, foreignMessage, LATER, statusHint } from './aboutResponses';
import type { ErrorInfo } from './message';

/** Every reason that `errorInfoOf` describes. */
export type Reason = SubmissionReason | QueryReason | AccountReason;

/** HiDream's own words, or the HTTP status; at the end, the code of an error. */
const quote = ({ httpStatus, vendorMessage, vendorCode }: Said): string =>
	`${vendorMessage === undefined ? `HTTP ${httpStatus}` : `"${vendorMessage}"`}${vendorCode === undefined || isOk(vendorCode) ? '' : ` (code ${vendorCode})`}`;

/** A message and a hint, with what the response said. */
function withFacts({ httpStatus, vendorCode, vendorMessage, requestId, taskId }: Said, message: string, hint: string): ErrorInfo {
	return { message, hint, httpStatus, vendorCode, vendorMessage, requestId, taskId };
}

/** What to do about a task that may or may not exist. */
const CHECK_ACCOUNT_FIRST = 'Check your HiDream account for the task before you send this video again. It may have been paid for.';

const MAY_EXIST = 'The task may still have been created';

/**
 * A refusal.
 * @param unknownHint what to do about a code that is not known
 */
function refusal(said: Said, what: string, unknownHint = statusHint(said.httpStatus)): ErrorInfo {
	const { httpStatus, vendorCode, body = 'empty' } = said;
	if (vendorCode === undefined) return withFacts(said, foreignMessage(httpStatus, body), foreignHint(httpStatus, body));
	const meaning = meaningOf(vendorCode);
	return withFacts(said, `${what}: ${quote(said)}`, meaning ? CODE_HINTS[meaning.says] : unknownHint);
}

function accountRefusal(said: Said): ErrorInfo {
	const badToken = refusesToken(said);
	const what = badToken ? 'HiDream refused the token' : 'HiDream does not accept videos at the moment';
	return refusal(said, what, badToken || said.httpStatus === 403 ? undefined : LATER);
}

function unclear(said: Said): ErrorInfo {
	const { httpStatus, vendorCode, vendorMessage, taskId, body = 'empty' } = said;
	const what = vendorCode === undefined ? foreignMessage(httpStatus, body) : `HiDream returned ${vendorMessage === undefined ? '' : `HTTP ${httpStatus}, `}${quote(said)}`;
	return withFacts(said, `${what}. ${taskId === undefined ? MAY_EXIST : `The response mentions the task ${taskId}`}`, CHECK_ACCOUNT_FIRST);
}

function connectHint(status: number | undefined): string {
	if (status === undefined) return 'Check the Base URL in the HiDream API credential, and the network.';
	if (status === 407) return 'The proxy requires a login. Add its user name and password to the environment variable HTTPS_PROXY of n8n.';
	const check = 'Check the proxy that the environment variable HTTPS_PROXY of n8n names, or add the host of the Base URL to NO_PROXY.';
	return status === 403 ? `The proxy does not allow the host of the Base URL. ${check}` : check;
}

const MINUTE_MS = 60_000;

/** A duration, rounded up. */
const duration = (ms: number): string => (ms < 2 * MINUTE_MS ? `${Math.ceil(ms / 1_000)} s` : `${Math.ceil(ms / MINUTE_MS)} min`);

const backoffHint = (ms: number): string =>
	`HiDream accepts requests from this account again in ${duration(ms)}. Run again then, or increase "Max Retry Time (Minutes)".`;

/** The item was not sent: another one was refused, and the account backs off for longer than this item's retry budget. */
function queuedTooLong(refused: ErrorInfo, waitMs: number): ErrorInfo {
	const { message, httpStatus, vendorCode, vendorMessage } = refused;
	return { message: `The video was not sent, because an earlier one was refused: ${message}`, hint: backoffHint(waitMs), httpStatus, vendorCode, vendorMessage };
}

const unrecorded = (why: string): ErrorInfo => ({
	message: `n8n could not record the "Idempotency Key": ${why}. This execution did not send the video`,
	hint: 'Check the database of this n8n, then run again.',
});

/** A failed check of the account. Without a response the message is that of a submit, except that no task can exist. */
const accountNoResponse = (failure: TransportError): ErrorInfo =>
	failure.code === 'brokeAfter'
		? { message: `HiDream sent no readable response: ${failureText(failure)}`, hint: `${CHECK_BASE_URL} The default is https://www.hidreamai.com.` }
		: errorInfoOf(failure);

/** The connection, the exchange of the key, n8n itself, or a backoff of the account. Any other reason is the item's own. */
const ACCOUNT_REASONS: ReadonlySet<string> = new Set([
	...['noConnection', 'noToken', 'notSent', 'statusNoResponse', 'accountNoResponse'],
	...['keyNotRecorded', 'keyTimeout', 'refusedTooLong', 'queuedTooLong'],
]);

/** Whether the next item would fail too, so that a batch can stop and keep its items. */
function isAccountWide(reason: Reason): boolean {
	const isRefusal = reason.code === 'refused' || reason.code === 'statusRefused' || reason.code === 'accountRefused';
	return isRefusal ? refusesAccount(reason) : ACCOUNT_REASONS.has(reason.code);
}

/** What a reason means for the user: what happened, what to do, and whether the next item would fail too. */
export function errorInfoOf(reason: Reason): ErrorInfo {
	const errorInfo = describe(reason);
	return isAccountWide(reason) ? { ...errorInfo, scope: 'account' } : errorInfo;
}

function describe(reason: Reason): ErrorInfo {
	switch (reason.code) {
		// Responses.
		case 'refused':
			return refusal(reason, refusesToken(reason) ? 'HiDream refused the token' : 'HiDream refused the video');
		case 'refusedWithTask':
			return withFacts(reason, `HiDream returned ${quote(reason)}, but the response contains the task ID ${reason.taskId}`, CHECK_ACCOUNT_FIRST);
		case 'noTaskId':
			return withFacts(reason, 'HiDream accepted the video, but the response contains no task ID', CHECK_ACCOUNT_FIRST);
		case 'unclearResponse':
			return unclear(reason);
		case 'statusRefused':
			return refusal(reason, 'HiDream did not return the status of the task', reason.httpStatus === 401 ? undefined : LATER);
		case 'accountRefused':
			return accountRefusal(reason);

		// No response.
		case 'noConnection':
			return { message: `No connection to HiDream: ${failureText(reason)}`, hint: connectHint(reason.proxyStatus) };
		case 'noToken':
			return { message: failureText(reason), hint: 'Check the API key and the Base URL in the HiDream API credential.' };
		case 'notSent':
		case 'cancelled':
			return { message: failureText(reason), hint: "Check the credential, and n8n's own rules for outgoing requests." };
		case 'unreadable':
			return { message: failureText(reason), hint: 'Check the node before this one, and run again.' };
		case 'brokeBefore':
			return {
				message: `The upload broke off: ${failureText(reason)}. HiDream did not receive the whole video, so no task was created`,
				hint: 'Run again, or switch on "Retry On Fail" in the node\'s settings: nothing is sent twice. If it happens again, the video may be too large for HiDream.',
			};
		case 'brokeAfter':
			return {
				message: `HiDream received the whole request but did not respond: ${failureText(reason)}. ${MAY_EXIST}`,
				hint: CHECK_ACCOUNT_FIRST,
			};
		case 'statusNoResponse':
			return { message: `The status of the task could not be queried: ${failureText(reason.failure)}`, hint: LATER };
		case 'accountNoResponse':
			return accountNoResponse(reason.failure);

		// The node itself.
		case 'invalidInput':
			return { message: reason.message, hint: reason.hint };
		case 'keyNotRecorded':
			return unrecorded(reason.detail);
		case 'keyTimeout':
			return unrecorded(`the database of n8n did not respond for ${reason.timeoutMs / 1_000} s`);
		case 'keyUnresolved':
			return {
				message: `An earlier request with this "Idempotency Key" had no clear response, is still being sent, or was not recorded by n8n. ${MAY_EXIST}`,
				hint: `Wait until no other execution sends this video. ${CHECK_ACCOUNT_FIRST} If there is no task, use another key, or set "On Unclear Response" to Submit Again.`,
			};
		case 'interrupted':
			return { message: `An earlier attempt was interrupted while sending this item. ${MAY_EXIST}`, hint: CHECK_ACCOUNT_FIRST };
		case 'nodeFailed':
			return { message: `The node failed while it sent the video: ${reason.detail}. ${MAY_EXIST}`, hint: CHECK_ACCOUNT_FIRST };
		case 'refusedTooLong': {
			const refused = errorInfoOf(reason.refusal);
			return { ...refused, hint: `${refused.hint} ${backoffHint(reason.waitMs)}` };
		}
		case 'queuedTooLong':
			return queuedTooLong(errorInfoOf(reason.refusal), reason.waitMs);
	}
}

/** Why HiDream does not take an access token, in whole sentences. */
export function tokenText(reason: AccountReason): string {
	if (reason.code === 'accountNoResponse') return `No connection to the Base URL: ${failureText(reason.failure)}. Check the Base URL and the network`;
	const { message, hint } = errorInfoOf(reason);
	return `${message}. ${hint}`;
}
