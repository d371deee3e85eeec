import type { IExecuteFunctions } from 'n8n-workflow';
import { accountProblem, accountQuery } from '../hidream/accountProblem';
import type { Failure } from '../hidream/failure';
import { query } from '../hidream/query';
import { judgeFailure } from '../hidream/verdict';
import type { Problem } from '../hidream/verdict';
import type { Account } from './account';

const CHECK_BASE_URL = 'Check the Base URL in the HiDream API credential. The default is https://www.hidreamai.com.';

/** No answer: the words of a submit will do, but for the one that fears for a task. */
const unanswered = (failure: Failure): Problem =>
	failure.kind === 'brokeAfter'
		? { what: `HiDream sent no readable response: ${failure.reason}`, advice: CHECK_BASE_URL }
		: judgeFailure(failure).problem;

/**
 * Looks at an account without cost: HiDream is asked once, for a task that nobody has. Never throws.
 * @returns what is wrong with the token, the connection or the Base URL; undefined when a submit could go out
 */
export async function findAccountProblem(
	context: IExecuteFunctions,
	{ baseUrl, credential }: Account,
): Promise<Problem | undefined> {
	const answer = await query(context, credential, accountQuery(baseUrl), { cancel: context.getExecutionCancelSignal() });
	return answer.kind === 'answer' ? accountProblem(answer) : unanswered(answer);
}
