import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { callbackTaskId, withinCallbackTimeout, LAST_PARAMETER } from '../hidream/callback';
import { sanitize } from '../hidream/vendorJson';
import { InvalidInput } from '../shared/input';
import { resultItem } from '../shared/result';
import { confirmEnd } from './confirm';
import type { Confirmed } from './confirm';
import { emittedTasksOf } from './emittedTasks';
import type { EmittedTasks } from './emittedTasks';
import { readTriggerSettings } from './triggerSettings';
import type { TriggerSettings } from './triggerSettings';

/** Answers by itself; CERTAIN: only exactly 200 counts as delivered, anything else makes HiDream call again. */
function respond(context: IWebhookFunctions, status: 200 | 400 | 503, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

async function itemOf(
	context: IWebhookFunctions,
	{ state, loopback }: Confirmed,
	settings: TriggerSettings,
): Promise<INodeExecutionData> {
	const query = { query: sanitize(context.getQueryData()) as IDataObject };
	delete query.query[LAST_PARAMETER];
	const result = await resultItem(context, 0, state, { settings, loopback }, query);
	return 'item' in result ? result.item : { json: query };
}

/** n8n answers for us once it has taken the execution on; if it cannot, HiDream's next call must find the way free. */
function releaseOnFailure(context: IWebhookFunctions, emitted: EmittedTasks, taskId: string): void {
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 400) emitted.release(taskId);
	});
}

/**
 * A callback of HiDream: starts the workflow once for each task that ended in a chosen way. Nothing but the
 * task's ID is believed. 400: it names no task; 503: HiDream does not confirm the end (yet), which looks the
 * same for a task that runs and one that does not exist; 200: received.
 */
async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const taskId = callbackTaskId(context);
	if (taskId === undefined) return respond(context, 400, 'No task ID');
	const settings = readTriggerSettings(context);
	const emitted = emittedTasksOf(context);
	if (emitted.has(taskId)) return respond(context, 200, 'Already received');
	const confirmed = await withinCallbackTimeout(async () => await confirmEnd(context, taskId));
	if (!confirmed) return respond(context, 503, 'Not confirmed yet');
	if (!settings.events.has(confirmed.state.status)) return respond(context, 200, 'Received');
	if (!emitted.claim(taskId)) return respond(context, 200, 'Already received');
	context.logger.info(`HiDream called: task ${taskId} ${confirmed.state.status}`);
	if (!settings.download || confirmed.state.status !== 'succeeded') {
		releaseOnFailure(context, emitted, taskId);
		return { webhookResponse: { message: 'Received' }, workflowData: [[await itemOf(context, confirmed, settings)]] };
	}
	// HiDream waits 5 s for a response; a download may take minutes.
	respond(context, 200, 'Received');
	return { noWebhookResponse: true, workflowData: [[await itemOf(context, confirmed, settings)]] };
}

/** As `receive`, but an error makes HiDream call again; n8n would start the workflow as failed. */
export const receiveSafely = async (context: IWebhookFunctions): Promise<IWebhookResponseData> =>
	await receive(context).catch((error: Error) => {
		const advice = error instanceof InvalidInput ? `. ${error.hint}` : '';
		context.logger.warn(`A callback of HiDream could not be handled: ${error.message}${advice}`);
		if (context.getResponseObject().headersSent) return { noWebhookResponse: true };
		return respond(context, 503, 'Not confirmed yet');
	});
