import type { IExecuteFunctions } from 'n8n-workflow';
import { accountError, accountQuery } from '../hidream/accountError';
import type { TransportError } from '../hidream/transportError';
import { sendQuery } from '../hidream/query';
import { classifyTransportError } from '../hidream/verdict';
import type { ErrorInfo } from '../hidream/verdict';
import type { Account } from './account';

const CHECK_BASE_URL = 'Check the Base URL in the HiDream API credential. The default is https://www.hidreamai.com.';

/** No response. The messages of a submit fit, except the one about a possible task. */
const unanswered = (failure: TransportError): ErrorInfo =>
	failure.kind === 'brokeAfter'
		? { message: `HiDream sent no readable response: ${failure.reason}`, hint: CHECK_BASE_URL }
		: classifyTransportError(failure).errorInfo;

/**
 * Checks an account without cost: queries a task that does not exist. Never throws.
 * @returns what is wrong with the token, the connection or the Base URL; undefined when a submit could go out
 */
export async function findAccountError(
	context: IExecuteFunctions,
	{ baseUrl, credential }: Account,
): Promise<ErrorInfo | undefined> {
	const answer = await sendQuery(context, credential, accountQuery(baseUrl), { cancel: context.getExecutionCancelSignal() });
	return answer.kind === 'answer' ? accountError(answer) : unanswered(answer);
}
