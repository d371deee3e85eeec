import type { ParsedResponse } from './response';
import { codeKey, codeText, isKnownRefusal, isOk, meaningOf } from './codes';
import { foreignHint, foreignMessage } from './foreignResponse';
import { LOOK_FIRST } from './verdict';
import type { ErrorInfo, Refused, Uncertain, Verdict } from './verdict';

/**
 * HTTP statuses that are answered before a request is processed: surely no task. Every other 3xx and 4xx may come
 * after the task was created. (A proxy's answer before it opened a tunnel never comes here: see `ProxyRefusal`.)
 */
const REFUSING_STATUSES: ReadonlySet<number> = new Set([
	301, 302, 307, 308, 400, 401, 403, 404, 405, 411, 413, 414, 415, 422, 429, 431,
]);

/** What an HTTP status means for the user when HiDream sent it with a code that nobody has described. */
function adviceForStatus(status: number): string {
	if (status === 401) return 'Check the token or key in the HiDream API credential.';
	if (status === 403) return 'The account may not use video stylization. Check the credential and the account.';
	if (status === 404) return 'Check the Base URL in the HiDream API credential.';
	if (status === 413) return 'The video is too large for HiDream. Make it smaller, or use a URL.';
	if (status === 429) return 'HiDream is getting too many requests from this account. Try again later, or lower "Tasks per Minute".';
	if (status === 503) return 'HiDream is overloaded. Try again later.';
	return 'Check the parameters of this item.';
}

/** HiDream's own words, or the HTTP status. */
const said = ({ httpStatus, vendorMessage, code }: ParsedResponse): string =>
	`${vendorMessage === undefined ? `HTTP ${httpStatus}` : `"${vendorMessage}"`}${codeText(code)}`;

function problemOf(answer: ParsedResponse, message: string, hint: string): ErrorInfo {
	const { httpStatus, code, vendorMessage, requestId, taskId } = answer;
	return { message, hint, httpStatus, code, vendorMessage, requestId, taskId };
}

const uncertain = (answer: ParsedResponse, what: string): Uncertain => ({
	kind: 'uncertain',
	errorInfo: problemOf(answer, what, LOOK_FIRST),
});

/** What is wrong with the account or the way to HiDream, by a response that says no. */
export function refusalProblem(answer: ParsedResponse, what: string): ErrorInfo {
	const { httpStatus, code, body } = answer;
	if (code === undefined) return problemOf(answer, foreignMessage(httpStatus, body), foreignHint(httpStatus, body));
	return problemOf(answer, `${what}: ${said(answer)}`, meaningOf(code)?.hint ?? adviceForStatus(httpStatus));
}

function refused(answer: ParsedResponse, isRetryCode: boolean): Refused {
	const { httpStatus: status, code, retryAfterMs } = answer;
	const meaning = meaningOf(code);
	const busy = status === 429 || status === 503 || meaning?.retryable === true || isRetryCode;
	const badToken = status === 401 || meaning?.badToken === true;
	return {
		kind: 'refused',
		errorInfo: refusalProblem(answer, badToken ? 'HiDream refused the token' : 'HiDream refused the video'),
		retryReason: busy ? 'busy' : badToken ? 'token' : undefined,
		retryAfterMs,
		fatal: meaning?.fatal,
	};
}

/**
 * Judges a response to a submit. Nothing is refused unless it is positively known that there is no task.
 * - accepted: a `task_id` with a `code` that says yes, or without a code, whatever else is wrong with the response;
 * - refused: a `code` that is known to mean no task; any `code` that says no with HTTP 200 or a refusing status; a
 *   refusing status; 503 with Retry-After. Never one that names a task;
 * - uncertain: everything else.
 * @param retryCodes codes that the user says will pass, as `codeKey` gives them
 */
export function classifyResponse(answer: ParsedResponse, retryCodes: ReadonlySet<string>): Verdict {
	const { httpStatus: status, code, taskId, body } = answer;
	const saysNo = code !== undefined && !isOk(code);
	if (taskId !== undefined && !saysNo) return { kind: 'accepted', taskId, subTaskIds: answer.subTaskIds };
	if (taskId !== undefined) return uncertain(answer, `HiDream answered ${said(answer)}, yet named a task`);
	const isRetryCode = saysNo && retryCodes.has(codeKey(code));
	const isKnownNo = isRetryCode || (saysNo && isKnownRefusal(code));
	const isBusy = status === 503 && answer.retryAfterMs !== undefined;
	const isRefusal = isKnownNo || isBusy || (saysNo && status === 200) || (REFUSING_STATUSES.has(status) && (saysNo || code === undefined));
	if (isRefusal && !answer.mayNameTask) return refused(answer, isRetryCode);
	if (code === undefined) return uncertain(answer, `${foreignMessage(status, body)}. The task may still have been created`);
	if (status === 200) return uncertain(answer, 'HiDream accepted the video but named no task');
	return uncertain(answer, `HiDream answered with HTTP ${status}, ${said(answer)}. The task may still have been created`);
}
