import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { parseBaseUrl } from '../hidream/baseUrl';
import { calledTask, inTime } from '../hidream/callback';
import { askTasks } from '../hidream/results';
import { hasEnded } from '../hidream/status';
import type { TaskState } from '../hidream/status';
import { harmless } from '../hidream/vendorJson';
import { resultItem } from '../StylizeVideo/result';
import { memoryOf } from './memory';
import type { Memory } from './memory';
import { readSettings } from './settings';
import type { Settings } from './settings';

/** What HiDream says itself about a task that ended. */
interface Confirmed {
	state: TaskState;
	/** The service runs on this machine. */
	loopback: boolean;
}

/** Answers by itself; CERTAIN: only exactly 200 counts as delivered, anything else makes HiDream call again. */
function answer(context: IWebhookFunctions, status: 200 | 400 | 503, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** Asks HiDream how the task really is: a callback is not signed. Undefined when it does not confirm the end. */
async function ask(context: IWebhookFunctions, taskId: string, cancel: AbortSignal): Promise<Confirmed | undefined> {
	const credential = await context.getCredentials('hiDreamApi');
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) {
		context.logger.warn(`HiDream called, but "Base URL" in the HiDream API credential cannot be used: ${baseUrl.reason}`);
		return undefined;
	}
	const answers = await askTasks(context, { baseUrl: baseUrl.url, credential, cancel }, [taskId]);
	const asked = answers.get(taskId);
	if (asked && 'problem' in asked) context.logger.warn(`HiDream called about task ${taskId}. ${asked.problem.what}`);
	if (!asked || !('state' in asked) || !hasEnded(asked.state.status)) return undefined;
	return { state: asked.state, loopback: baseUrl.loopback };
}

async function itemOf(
	context: IWebhookFunctions,
	{ state, loopback }: Confirmed,
	settings: Settings,
): Promise<INodeExecutionData> {
	const query = { query: harmless(context.getQueryData()) as IDataObject };
	const result = await resultItem(context, 0, state, { settings, loopback }, query);
	return 'item' in result ? result.item : { json: query };
}

/** n8n answers for us once it has taken the execution on; if it cannot, HiDream's next call must find the way free. */
function releaseOnFailure(context: IWebhookFunctions, memory: Memory, taskId: string): void {
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
	const taskId = calledTask(context);
	if (taskId === undefined) return answer(context, 400, 'No task ID');
	const settings = readSettings(context);
	const memory = memoryOf(context);
	if (memory.has(taskId)) return answer(context, 200, 'Heard before');
	const confirmed = await inTime(async (cancel) => await ask(context, taskId, cancel));
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
		context.logger.warn(`A callback of HiDream could not be handled: ${error.message}`);
		if (context.getResponseObject().headersSent) return { noWebhookResponse: true };
		return answer(context, 503, 'Not confirmed yet');
	});
