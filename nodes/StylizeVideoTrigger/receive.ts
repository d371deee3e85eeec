import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { callbackTaskId, withinCallbackTimeout, LAST_PARAMETER } from '../hidream/taskCallback';
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
function answer(context: IWebhookFunctions, status: 200 | 400 | 503, message: string): IWebhookResponseData {
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
function releaseOnFailure(context: IWebhookFunctions, memory: EmittedTasks, taskId: string): void {
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 400) memory.release(taskId);
	});
}

/**
 * A callback of HiDream: starts the workflow once for each task that ended in a chosen way. Nothing but the
 * task's ID is believed. 400: it names no task; 503: HiDream does not confirm the end (yet), which looks the
 * same for a task that goes on and one that there is not; 200: heard.
 */
async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const taskId = callbackTaskId(context.getRequestObject().rawBody?.toString('utf8'), context.getBodyData());
	if (taskId === undefined) return answer(context, 400, 'No task ID');
	const settings = readTriggerSettings(context);
	const memory = emittedTasksOf(context);
	if (memory.has(taskId)) return answer(context, 200, 'Heard before');
	const confirmed = await withinCallbackTimeout(async () => await confirmEnd(context, taskId));
	if (!confirmed) return answer(context, 503, 'Not confirmed yet');
	if (!settings.events.has(confirmed.state.status)) return answer(context, 200, 'Heard');
	if (!memory.claim(taskId)) return answer(context, 200, 'Heard before');
	context.logger.info(`HiDream called: task ${taskId} ${confirmed.state.status}`);
	if (!settings.download || confirmed.state.status !== 'succeeded') {
		releaseOnFailure(context, memory, taskId);
		return { webhookResponse: { message: 'Heard' }, workflowData: [[await itemOf(context, confirmed, settings)]] };
	}
	// HiDream waits 5 s for an answer, a download may take minutes.
	answer(context, 200, 'Heard');
	return { noWebhookResponse: true, workflowData: [[await itemOf(context, confirmed, settings)]] };
}

/** As `receive`, but for a throw n8n would start the workflow as failed: HiDream is asked to call again instead. */
export const receiveSafely = async (context: IWebhookFunctions): Promise<IWebhookResponseData> =>
	await receive(context).catch((error: Error) => {
		const advice = error instanceof InvalidInput ? `. ${error.hint}` : '';
		context.logger.warn(`A callback of HiDream could not be handled: ${error.message}${advice}`);
		if (context.getResponseObject().headersSent) return { noWebhookResponse: true };
		return answer(context, 503, 'Not confirmed yet');
	});
