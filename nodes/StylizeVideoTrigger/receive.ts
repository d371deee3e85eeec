import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { hasEnded, type TaskState } from '../hidream/status';
import { callbackTaskId, withinCallbackTimeout, LAST_PARAMETER } from '../hidream/taskCallback';
import { sanitize } from '../hidream/vendorJson';
import { confirmTasks, respond } from '../shared/callbackHandler';
import { errorInfoOf } from '../shared/messages/aboutErrors';
import { LOG } from '../shared/messages/aboutRuns';
import { resultItem } from '../video/result';
import { emittedTasksOf, type EmittedTasks } from './emittedTasks';
import { readTriggerSettings, type TriggerSettings } from './triggerParameters';

/** A task that HiDream says has ended. */
interface EndedTask {
	state: TaskState;
	/** The service runs on this machine. */
	sameMachine: boolean;
}

async function confirmEnd(context: IWebhookFunctions, taskId: string): Promise<EndedTask | undefined> {
	const confirmed = await confirmTasks(context, [taskId]);
	const result = confirmed?.results.get(taskId);
	if (result && 'reason' in result) context.logger.warn(LOG.callbackUnconfirmed(taskId, errorInfoOf(result.reason).message));
	if (!confirmed || !result || !('state' in result)) return undefined;
	context.logger.info(LOG.callback(taskId, result.state.status));
	if (!hasEnded(result.state.status)) return undefined;
	return { state: result.state, sameMachine: confirmed.sameMachine };
}

async function itemOf(context: IWebhookFunctions, { state, sameMachine }: EndedTask, settings: TriggerSettings): Promise<INodeExecutionData> {
	const query = { query: sanitize(context.getQueryData()) as IDataObject };
	delete query.query[LAST_PARAMETER];
	const result = await resultItem(context, 0, state, { settings, sameMachine }, query);
	return 'item' in result ? result.item : { json: query };
}

/** n8n responds once it has started the execution. If it fails to, HiDream's next call must start it. */
function releaseOnFailure(context: IWebhookFunctions, emitted: EmittedTasks, taskId: string): void {
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 400) emitted.release(taskId);
	});
}

/**
 * Handles a callback of HiDream: starts the workflow once for each task with one of the selected results. Only the task's ID
 * is taken from the callback. 400: it names no task; 503: HiDream does not confirm the end (yet): the task runs or does not
 * exist; 200: received.
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const taskId = callbackTaskId(context.getRequestObject().rawBody?.toString('utf8'), context.getBodyData());
	if (taskId === undefined) return respond(context, 400, 'No task ID');
	const settings = readTriggerSettings(context);
	const emitted = emittedTasksOf(context);
	if (emitted.has(taskId)) return respond(context, 200, 'Already received');
	const confirmed = await withinCallbackTimeout(async () => await confirmEnd(context, taskId));
	if (!confirmed) return respond(context, 503, 'Not confirmed yet');
	if (!settings.events.has(confirmed.state.status)) return respond(context, 200, 'Received');
	if (!emitted.claim(taskId)) return respond(context, 200, 'Already received');
	if (!settings.download || confirmed.state.status !== 'succeeded') {
		releaseOnFailure(context, emitted, taskId);
		return { webhookResponse: { message: 'Received' }, workflowData: [[await itemOf(context, confirmed, settings)]] };
	}
	// HiDream waits 5 s for a response; a download may take minutes.
	respond(context, 200, 'Received');
	return { noWebhookResponse: true, workflowData: [[await itemOf(context, confirmed, settings)]] };
}
