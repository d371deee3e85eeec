import type { IHttpRequestOptions } from 'n8n-workflow';
import { parseResponse } from './response';
import type { HttpResponse } from './response';
import { meaningOf } from './codes';
import { NO_TASK, resultUrl } from './endpoints';
import { refusalProblem } from './classifyResponse';
import type { ErrorInfo } from './verdict';

/** Asks for a task ID that does not exist: it creates no task, costs nothing, and shows whether the token is good. */
export const accountQuery = (baseUrl: string): IHttpRequestOptions => ({
	method: 'GET',
	url: resultUrl(baseUrl),
	qs: { task_id: NO_TASK },
});

/**
 * What is wrong with the token, the account or the way to HiDream, by the response to `accountQuery`; undefined when
 * a submit could go out. Any `code` that is about the task alone shows that the token is good.
 */
export function accountError(http: HttpResponse): ErrorInfo | undefined {
	const answer = parseResponse(http, 0);
	const { httpStatus, code } = answer;
	const aboutTheTask = httpStatus === 200 || httpStatus === 400 || httpStatus === 404;
	const meaning = meaningOf(code);
	if (aboutTheTask && code !== undefined && !meaning) return undefined;
	const isBadToken = httpStatus === 401 || meaning?.badToken;
	const errorInfo = refusalProblem(answer, isBadToken ? 'HiDream rejected the token' : 'HiDream does not accept videos at the moment');
	const isKnown = code === undefined || isBadToken || httpStatus === 403 || meaning !== undefined;
	return isKnown ? errorInfo : { ...errorInfo, hint: 'Try again later.' };
}
