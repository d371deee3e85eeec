import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { parseAnswer } from '../hidream/answer';
import { meaningOf } from '../hidream/codes';
import { NO_TASK, resultUrl } from '../hidream/endpoints';
import type { Failure } from '../hidream/failure';
import { query } from '../hidream/query';
import type { HttpAnswer } from '../hidream/signedRequest';
import { judgeFailure } from '../hidream/verdict';
import type { Problem } from '../hidream/verdict';
import type { Account } from './account';

const CHECK_TOKEN = 'Check the token or key in the HiDream API credential.';
const CHECK_BASE_URL = 'Check the Base URL in the HiDream API credential. The default is https://www.hidreamai.com.';

/** No answer: the words of a submit will do, but for the one that fears for a task. */
const unanswered = (failure: Failure): Problem =>
	failure.kind === 'brokeAfter'
		? { what: `HiDream gave no answer that can be read: ${failure.reason}`, advice: CHECK_BASE_URL }
		: judgeFailure(failure).problem;

/** Any `code` that is about the task alone shows that the token is good: nobody has the task that was asked for. */
function problemOf(http: HttpAnswer): Problem | undefined {
	const { httpStatus, code, vendorMessage } = parseAnswer(http, 0);
	const meaning = meaningOf(code);
	if (httpStatus === 401 || meaning?.badToken) {
		return { what: 'HiDream refused the token', advice: CHECK_TOKEN };
	}
	if (httpStatus === 403) {
		return { what: 'HiDream knows the token, but the account may not use this service', advice: 'Check the account.' };
	}
	const aboutTheTask = httpStatus === 200 || httpStatus === 400 || httpStatus === 404;
	if (aboutTheTask && code !== undefined && !meaning) return undefined;
	if (code === undefined && (aboutTheTask || httpStatus < 400)) {
		return { what: 'The Base URL answers, but not like HiDream', advice: CHECK_BASE_URL };
	}
	const said = vendorMessage === undefined ? `HTTP ${httpStatus}` : `"${vendorMessage}"`;
	const codeText = code === undefined ? '' : ` (code ${code})`;
	return { what: `HiDream would take no video now: ${said}${codeText}`, advice: meaning?.advice ?? 'Try again later.' };
}

/**
 * Looks at an account without cost: HiDream is asked once, for a task that nobody has. Never throws.
 * @returns what is wrong with the token, the connection or the Base URL; undefined when a submit could go out
 */
export async function findAccountProblem(
	context: IExecuteFunctions,
	{ baseUrl, credential }: Account,
): Promise<Problem | undefined> {
	const request: IHttpRequestOptions = { method: 'GET', url: resultUrl(baseUrl), qs: { task_id: NO_TASK } };
	const answer = await query(context, credential, request, { cancel: context.getExecutionCancelSignal() });
	return answer.kind === 'answer' ? problemOf(answer) : unanswered(answer);
}
