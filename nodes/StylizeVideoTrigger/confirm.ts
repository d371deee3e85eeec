import type { IWebhookFunctions } from 'n8n-workflow';
import { coalesce, recentEntries } from '../async/coalesce';
import { withinCallbackTimeout } from '../hidream/taskCallback';
import { parseBaseUrl } from '../hidream/endpoints';
import { queryTasks } from '../hidream/queryTasks';
import type { TaskQueryResult } from '../hidream/queryTasks';
import { hasEnded } from '../hidream/status';
import type { TaskState } from '../hidream/status';
import { fingerprintOf } from '../shared/credential';
import type { Credential } from '../shared/credential';
import { baseUrlText, errorInfoOf } from '../shared/messages';
import { connectionOf } from '../shared/n8nHttpClient';

/** What HiDream says itself about a task that ended. */
export interface Confirmed {
	state: TaskState;
	/** The service runs on this machine. */
	loopback: boolean;
}

/** How many accounts are remembered: each is used for as long as its callbacks of one instant take. */
const MAX_ACCOUNTS = 100;

/** A callback's task, and what to ask with. */
interface Question {
	context: IWebhookFunctions;
	baseUrl: string;
	credential: Credential;
	taskId: string;
}

/** Callbacks of one account that wait for the same batch request. */
interface Asker {
	waiting: Question[];
	ask: () => Promise<Map<string, TaskQueryResult> | undefined>;
}

const askers = recentEntries<Asker>(MAX_ACCOUNTS, () => {
	const asker: Asker = {
		waiting: [],
		ask: coalesce(async () => {
			const questions = asker.waiting;
			asker.waiting = [];
			const [first] = questions;
			if (!first) return undefined;
			const { context, baseUrl, credential } = first;
			const taskIds = questions.map(({ taskId }) => taskId);
			return await withinCallbackTimeout(async (cancel) => await queryTasks(connectionOf(context, { baseUrl, credential }), { cancel }, taskIds));
		}),
	};
	return asker;
});

/**
 * Asks HiDream about a task, since a callback is not signed; callbacks of one account that come at the same time share
 * batch requests. Undefined if HiDream does not confirm the end.
 */
export async function confirmEnd(context: IWebhookFunctions, taskId: string): Promise<Confirmed | undefined> {
	const credential = await context.getCredentials('hiDreamApi');
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) {
		context.logger.warn(`HiDream called, but "Base URL" in the HiDream API credential cannot be used: ${baseUrlText(baseUrl.reason)}`);
		return undefined;
	}
	const asker = askers.get(fingerprintOf(credential));
	asker.waiting.push({ context, baseUrl: baseUrl.url, credential, taskId });
	const asked = (await asker.ask())?.get(taskId);
	if (asked && 'reason' in asked) context.logger.warn(`HiDream called about task ${taskId}. ${errorInfoOf(asked.reason).message}`);
	if (!asked || !('state' in asked) || !hasEnded(asked.state.status)) return undefined;
	return { state: asked.state, loopback: baseUrl.loopback };
}
