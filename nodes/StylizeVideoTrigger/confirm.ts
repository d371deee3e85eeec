import type { IWebhookFunctions } from 'n8n-workflow';
import { coalesce, recentEntries } from '../async/coalesce';
import { fingerprintOf } from '../hidream/account';
import { parseBaseUrl } from '../hidream/baseUrl';
import { withinCallbackTimeout } from '../hidream/callback';
import { queryTasks } from '../hidream/queryTasks';
import type { TaskQueryResult } from '../hidream/queryTasks';
import type { Credential } from '../hidream/signedRequest';
import { hasEnded } from '../hidream/status';
import type { TaskState } from '../hidream/status';

/** What HiDream says itself about a task that ended. */
export interface Confirmed {
	state: TaskState;
	/** The service runs on this machine. */
	loopback: boolean;
}

/** How many accounts are remembered: each is used for as long as its callbacks of one instant take. */
const MAX_ACCOUNTS = 100;

/** The task of a callback, and what a query needs. */
interface TaskRequest {
	context: IWebhookFunctions;
	baseUrl: string;
	credential: Credential;
	taskId: string;
}

/** Callbacks of one account that wait for the same batch request. */
interface AccountQuery {
	waiting: TaskRequest[];
	query: () => Promise<Map<string, TaskQueryResult> | undefined>;
}

const accountQueries = recentEntries<AccountQuery>(MAX_ACCOUNTS, () => {
	const accountQuery: AccountQuery = {
		waiting: [],
		query: coalesce(async () => {
			const requests = accountQuery.waiting;
			accountQuery.waiting = [];
			const [first] = requests;
			if (!first) return undefined;
			const { context, baseUrl, credential } = first;
			const taskIds = requests.map(({ taskId }) => taskId);
			return await withinCallbackTimeout(async (cancel) => await queryTasks(context, { baseUrl, credential, cancel }, taskIds));
		}),
	};
	return accountQuery;
});

/**
 * Asks HiDream about a task, since a callback is not signed; callbacks of one account that come at the same time share
 * batch requests. Undefined if HiDream does not confirm the end.
 */
export async function confirmEnd(context: IWebhookFunctions, taskId: string): Promise<Confirmed | undefined> {
	const credential = await context.getCredentials('hiDreamApi');
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) {
		context.logger.warn(`HiDream called, but "Base URL" in the HiDream API credential cannot be used: ${baseUrl.reason}`);
		return undefined;
	}
	const accountQuery = accountQueries.get(fingerprintOf(credential));
	accountQuery.waiting.push({ context, baseUrl: baseUrl.url, credential, taskId });
	const result = (await accountQuery.query())?.get(taskId);
	if (result && 'errorInfo' in result) context.logger.warn(`HiDream called about task ${taskId}. ${result.errorInfo.message}`);
	if (!result || !('state' in result) || !hasEnded(result.state.status)) return undefined;
	return { state: result.state, loopback: baseUrl.loopback };
}
