import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { parseBaseUrl } from '../../hidream/baseUrl';
import { calledTask, inTime } from '../../hidream/callback';
import { askTasks } from '../../hidream/results';
import type { Asked } from '../../hidream/results';
import { hasEnded } from '../../hidream/status';
import type { TaskState } from '../../hidream/status';
import { failedItem } from '../output';
import { resultItem } from '../result';
import { parkedItems } from './parked';
import type { ParkedItem } from './parked';

/** Executions that are being woken: callbacks that come meanwhile must not download the videos again. */
const waking = new Set<string>();

/** Answers HiDream and leaves the execution asleep. Answered here, since n8n would turn callbacks of one instant into errors. */
function answer(context: IWebhookFunctions, status: 200 | 503): IWebhookResponseData {
	context.getResponseObject().status(status).json({ ok: status === 200 });
	return { noWebhookResponse: true };
}

const endedState = (asked: Asked | undefined): TaskState | undefined =>
	asked && 'state' in asked && hasEnded(asked.state.status) ? asked.state : undefined;

async function outputOf(
	context: IWebhookFunctions,
	items: ParkedItem[],
	answers: Map<string, Asked>,
	loopback: boolean,
): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (const [i, { json, task }] of items.entries()) {
		const state = task && endedState(answers.get(task.id));
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
	const items = parkedItems(context);
	const taskIds = items?.flatMap(({ task }) => (task ? [task.id] : [])) ?? [];
	if (!items || taskIds.length === 0) return answer(context, 200);
	const credential = await context.getCredentials('hiDreamApi');
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) return answer(context, 503);
	const ask = async (cancel: AbortSignal) =>
		await askTasks(context, { baseUrl: baseUrl.url, credential, cancel }, taskIds);
	const answers = await inTime(ask);
	if (!answers) return answer(context, 503);
	const caller = calledTask(context);
	const open = taskIds.filter((id) => !endedState(answers.get(id)));
	if (open.length > 0) {
		const unheard = open.some((id) => id === caller || 'problem' in (answers.get(id) ?? {}));
		return answer(context, unheard ? 503 : 200);
	}
	const executionId = context.getExecutionId();
	if (waking.has(executionId)) return answer(context, 200);
	waking.add(executionId);
	try {
		answer(context, 200);
		return { noWebhookResponse: true, workflowData: [await outputOf(context, items, answers, baseUrl.loopback)] };
	} finally {
		waking.delete(executionId);
	}
}

/** As `wake`, but for a throw n8n would wake the execution as failed: HiDream is asked to call again instead. */
export const wakeSafely = async (context: IWebhookFunctions): Promise<IWebhookResponseData> =>
	await wake(context).catch((error: Error) => {
		context.logger.warn(`A callback of HiDream could not be handled: ${error.message}`);
		return context.getResponseObject().headersSent ? { noWebhookResponse: true } : answer(context, 503);
	});
