import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { callbackTaskId, withinCallbackTimeout } from '../../hidream/taskCallback';
import { failedItem } from '../../shared/output';
import { resultItem } from '../../shared/result';
import { queryAllTasks, forgetExecution } from './statusRound';
import type { StatusRound } from './statusRound';

/** Executions that are being woken: callbacks that come meanwhile must not download the videos again. */
const waking = new Set<string>();

/** Answers HiDream and leaves the execution asleep. Answered here, since n8n would turn callbacks of one instant into errors. */
function answer(context: IWebhookFunctions, status: 200 | 503): IWebhookResponseData {
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
 * A callback for an execution that sleeps. Its body is a hint only: HiDream is asked about all tasks, and the
 * execution wakes once all have ended. 200: heard; 503: HiDream could not be asked in time or does not confirm
 * the end of the task that called, so it should call again.
 */
async function wake(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const executionId = context.getExecutionId();
	if (waking.has(executionId)) return answer(context, 200);
	const round = await withinCallbackTimeout(async () => await queryAllTasks(context));
	if (round === 'no tasks') return answer(context, 200);
	if (!round) return answer(context, 503);
	if (round.open.size > 0) {
		const unheard = round.hasError || round.open.has(callbackTaskId(context.getRequestObject().rawBody?.toString('utf8'), context.getBodyData()) ?? '');
		return answer(context, unheard ? 503 : 200);
	}
	if (waking.has(executionId)) return answer(context, 200);
	waking.add(executionId);
	try {
		answer(context, 200);
		return { noWebhookResponse: true, workflowData: [await outputOf(context, round)] };
	} finally {
		waking.delete(executionId);
		forgetExecution(executionId);
	}
}

/** As `wake`, but for a throw n8n would wake the execution as failed: HiDream is asked to call again instead. */
export const resumeSafely = async (context: IWebhookFunctions): Promise<IWebhookResponseData> =>
	await wake(context).catch((error: Error) => {
		context.logger.warn(`A callback of HiDream could not be handled: ${error.message}`);
		return context.getResponseObject().headersSent ? { noWebhookResponse: true } : answer(context, 503);
	});
