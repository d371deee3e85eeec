import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { callbackTaskId, withinCallbackTimeout } from '../../hidream/callback';
import { failedItem } from '../../shared/output';
import { resultItem } from '../../shared/result';
import { queryAllTasks, forgetExecution } from './statusRound';
import type { StatusRound } from './statusRound';

/** Executions that are being resumed: a callback that arrives meanwhile must not download the videos again. */
const resuming = new Set<string>();

/** Responds to HiDream and leaves the execution suspended. n8n itself would turn concurrent callbacks into errors. */
function respond(context: IWebhookFunctions, status: 200 | 503): IWebhookResponseData {
	context.getResponseObject().status(status).json({ ok: status === 200 });
	return { noWebhookResponse: true };
}

async function outputOf(context: IWebhookFunctions, { items, ended, loopback }: StatusRound): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (const [i, { json, task }] of items.entries()) {
		const state = task && ended.get(task.id);
		const result =
			task && state
				? await resultItem(context, i, state, { settings: task.settings, loopback }, json)
				: { item: { json, pairedItem: { item: i } } };
		output.push('failed' in result ? failedItem(i, result.failed) : result.item);
	}
	return output;
}

/**
 * Handles a callback for a suspended execution. Its body is not trusted: the node queries all tasks, and resumes the
 * execution once all have ended. 200: received; 503: HiDream could not be queried in time or does not confirm
 * the end of the task that called, so it should call again.
 */
async function resume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const executionId = context.getExecutionId();
	if (resuming.has(executionId)) return respond(context, 200);
	const round = await withinCallbackTimeout(async () => await queryAllTasks(context));
	if (round === 'no tasks') return respond(context, 200);
	if (!round) return respond(context, 503);
	if (round.open.size > 0) {
		const shouldRepeat = round.hasError || round.open.has(callbackTaskId(context) ?? '');
		return respond(context, shouldRepeat ? 503 : 200);
	}
	if (resuming.has(executionId)) return respond(context, 200);
	resuming.add(executionId);
	try {
		respond(context, 200);
		return { noWebhookResponse: true, workflowData: [await outputOf(context, round)] };
	} finally {
		resuming.delete(executionId);
		forgetExecution(executionId);
	}
}

/** As `resume`, but an error makes HiDream call again; n8n would resume the execution as failed. */
export const resumeSafely = async (context: IWebhookFunctions): Promise<IWebhookResponseData> =>
	await resume(context).catch((error: Error) => {
		context.logger.warn(`A callback of HiDream could not be handled: ${error.message}`);
		return context.getResponseObject().headersSent ? { noWebhookResponse: true } : respond(context, 503);
	});
