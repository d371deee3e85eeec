import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { coalesce } from '../async/coalesce';
import { SharedMap } from '../async/sharedMap';
import { queryTasks, type TaskQueryResult } from '../hidream/queryTasks';
import { withinCallbackTimeout } from '../hidream/taskCallback';
import { baseUrlOf, fingerprintOf, type Credential } from './credential';
import { InvalidInput } from './input';
import { baseUrlText } from './messages/aboutInput';
import { LOG } from './messages/aboutRuns';
import { connectionOf } from './n8nHttpClient';

/** Responds to HiDream, which calls again unless the status is 200 (`taskCallback.ts`). */
export function respond(context: IWebhookFunctions, status: 200 | 400 | 503, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/**
 * Handles a callback of HiDream. An error makes HiDream call again; n8n itself would start or resume the workflow as
 * failed. Never throws.
 */
export async function handleCallback(context: IWebhookFunctions, handle: (context: IWebhookFunctions) => Promise<IWebhookResponseData>): Promise<IWebhookResponseData> {
	try {
		return await handle(context);
	} catch (error) {
		const hint = error instanceof InvalidInput ? error.hint : undefined;
		context.logger.warn(LOG.callbackFailed((error as Error).message, hint));
		if (context.getResponseObject().headersSent) return { noWebhookResponse: true };
		return respond(context, 503, 'Not confirmed yet');
	}
}

/** What HiDream says about the tasks that a callback is about. */
export interface ConfirmedTasks {
	/** By task ID; a task is missing if HiDream did not respond in time. */
	results: ReadonlyMap<string, TaskQueryResult>;
	/** The service runs on this machine. */
	sameMachine: boolean;
}

/** A callback that waits for the status of its tasks. */
interface StatusRequest {
	context: IWebhookFunctions;
	baseUrl: string;
	credential: Credential;
	taskIds: string[];
}

/** Queries the tasks of a callback in one batch with those of the account's other callbacks that wait. */
type AccountQuery = (request: StatusRequest) => Promise<ReadonlyMap<string, TaskQueryResult> | undefined>;

const accountQueries = new SharedMap((): AccountQuery => {
	let waiting: StatusRequest[] = [];
	const query = coalesce(async () => {
		const requests = waiting;
		waiting = [];
		const [first] = requests;
		if (!first) return undefined;
		const { context, baseUrl, credential } = first;
		const taskIds = requests.flatMap((request) => request.taskIds);
		// A batch that hangs must not block the next one.
		return await withinCallbackTimeout(async (cancel) => await queryTasks(connectionOf(context, { baseUrl, credential }), { cancel }, taskIds));
	});
	return async (request) => {
		waiting.push(request);
		return await query();
	};
});

/**
 * Queries the tasks of a callback, since a callback is not signed. Concurrent callbacks of one account share batch requests.
 * @returns undefined if HiDream does not respond in time, or the credential cannot be used
 */
export async function confirmTasks(context: IWebhookFunctions, taskIds: string[]): Promise<ConfirmedTasks | undefined> {
	const credential = await context.getCredentials('hiDreamApi');
	const baseUrl = baseUrlOf(credential);
	if (!baseUrl.ok) {
		context.logger.warn(LOG.callbackUnusable(baseUrlText(baseUrl.reason)));
		return undefined;
	}
	const query = accountQueries.get(fingerprintOf(credential));
	const results = await query({ context, baseUrl: baseUrl.url, credential, taskIds });
	return results && { results, sameMachine: baseUrl.sameMachine };
}
