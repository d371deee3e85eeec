import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { coalesce } from '../../async/coalesce';
import { SharedMap } from '../../async/sharedMap';
import { hasEnded, type TaskState } from '../../hidream/status';
import { callbackTaskId, withinCallbackTimeout } from '../../hidream/taskCallback';
import { confirmTasks, respond } from '../../shared/callbackHandler';
import { outputOfSuspended, readSuspendedItems } from './suspendedItems';

/** Executions that are being resumed: a callback that arrives meanwhile must not download the videos again. */
const resuming = new Set<string>();

/** The state of all tasks of a suspended execution. Undefined: HiDream did not respond in time, or the credential cannot be used. */
async function queryRound(context: IWebhookFunctions, ended: Map<string, TaskState>) {
	const items = readSuspendedItems(context) ?? [];
	const taskIds = items.flatMap(({ task }) => (task ? [task.id] : []));
	if (taskIds.length === 0) return 'no tasks' as const;
	const confirmed = await confirmTasks(context, taskIds.filter((id) => !ended.has(id)));
	if (!confirmed) return undefined;
	/** Whether some tasks could not be queried. */
	let hasError = false;
	for (const id of taskIds) {
		const result = confirmed.results.get(id);
		if (result && 'reason' in result) hasError = true;
		else if (result && hasEnded(result.state.status)) ended.set(id, result.state);
	}
	/** The tasks that have not ended, or whose status is unknown. */
	const open = new Set(taskIds.filter((id) => !ended.has(id)));
	return { items, ended, open, hasError, sameMachine: confirmed.sameMachine };
}

/** By execution: queries it in one round for all callbacks that wait. Tasks that have ended are not queried again. */
const executions = new SharedMap(() => {
	const ended = new Map<string, TaskState>();
	let waiting: IWebhookFunctions | undefined;
	const query = coalesce(async () => {
		const context = waiting;
		// n8n's context holds all data of the run, and the execution may never be resumed.
		waiting = undefined;
		return context && (await withinCallbackTimeout(async () => await queryRound(context, ended)));
	});
	return async (context: IWebhookFunctions) => {
		waiting = context;
		return await query();
	};
});

/**
 * Handles a callback for a suspended execution. Its body is not trusted: the node queries all tasks, and resumes the
 * execution once all have ended. Responds with 503, so that HiDream calls again, if HiDream could not be queried in time or
 * does not confirm the end of the task that called; otherwise with 200. (n8n itself would turn concurrent callbacks into
 * errors.)
 */
export async function resume(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const executionId = context.getExecutionId();
	if (resuming.has(executionId)) return respond(context, 200, 'Received');
	const round = await withinCallbackTimeout(async () => await executions.get(executionId)(context));
	if (round === 'no tasks') return respond(context, 200, 'Received');
	if (!round) return respond(context, 503, 'Not confirmed yet');
	if (round.open.size > 0) {
		const called = callbackTaskId(context.getRequestObject().rawBody?.toString('utf8'), context.getBodyData());
		const shouldRepeat = round.hasError || round.open.has(called ?? '');
		return shouldRepeat ? respond(context, 503, 'Not confirmed yet') : respond(context, 200, 'Received');
	}
	if (resuming.has(executionId)) return respond(context, 200, 'Received');
	resuming.add(executionId);
	try {
		respond(context, 200, 'Received');
		return { noWebhookResponse: true, workflowData: [await outputOfSuspended(context, round.items, round.ended, { sameMachine: round.sameMachine })] };
	} finally {
		resuming.delete(executionId);
		executions.delete(executionId);
	}
}
