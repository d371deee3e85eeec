import type { IExecuteFunctions } from 'n8n-workflow';
import { checkAccount } from '../hidream/query';
import { errorInfoOf } from '../shared/messages';
import type { ErrorInfo } from '../shared/messages';
import { connectionOf } from '../shared/n8nHttpClient';
import type { Account } from './account';

/**
 * Checks an account without cost: queries a task that does not exist. Never throws.
 * @returns what is wrong with the token, the connection or the Base URL; undefined when a submit could go out
 */
export async function findAccountError(context: IExecuteFunctions, account: Account): Promise<ErrorInfo | undefined> {
	const reason = await checkAccount(connectionOf(context, account), context.getExecutionCancelSignal());
	return reason && errorInfoOf(reason);
}
