import type { IWebhookFunctions } from 'n8n-workflow';
import { coalesce, recentEntries } from '../../async/coalesce';
import { parseBaseUrl } from '../../hidream/baseUrl';
import { withinCallbackTimeout } from '../../hidream/callback';
import { queryTasks } from '../../hidream/queryTasks';
import { hasEnded } from '../../hidream/status';
import type { TaskState } from '../../hidream/status';
import { readSuspendedItems } from './suspendedItems';
import type { SuspendedItem } from './suspendedItems';

/** What HiDream says about all tasks of a suspended execution. */
export interface StatusRound {
	items: SuspendedItem[];
	/** The tasks that have ended. */
	ended: ReadonlyMap<string, TaskState>;
	/** The tasks that have not ended, or that HiDream said nothing about. */
	open: ReadonlySet<string>;
	/** Some tasks could not be queried. */
	hasError: boolean;
	/** The service runs on this machine. */
	loopback: boolean;
}

/** Undefined: HiDream did not respond in time, or the credential cannot be used. */
type RoundResult = StatusRound | 'no tasks' | undefined;

/** How many suspended executions this process remembers the ended tasks of. */
const MAX_EXECUTIONS = 50;

/** An execution that is being called: its callbacks of one instant are answered by one round of status requests. */
interface CalledExecution {
	/** The caller whose context the next round uses. */
	context?: IWebhookFunctions;
	ended: Map<string, TaskState>;
	query: () => Promise<RoundResult>;
}

async function queryRound(context: IWebhookFunctions, ended: Map<string, TaskState>, cancel: AbortSignal): Promise<RoundResult> {
	const items = readSuspendedItems(context);
	const taskIds = items?.flatMap(({ task }) => (task ? [task.id] : [])) ?? [];
	if (!items || taskIds.length === 0) return 'no tasks';
	const credential = await context.getCredentials('hiDreamApi');
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) return undefined;
	const results = await queryTasks(context, { baseUrl: baseUrl.url, credential, cancel }, taskIds.filter((id) => !ended.has(id)));
	let hasError = false;
	for (const [id, result] of results) {
		if ('errorInfo' in result) hasError = true;
		else if (hasEnded(result.state.status)) ended.set(id, result.state);
	}
	const open = new Set(taskIds.filter((id) => !ended.has(id)));
	return { items, ended, open, hasError, loopback: baseUrl.loopback };
}

const executions = recentEntries<CalledExecution>(MAX_EXECUTIONS, () => {
	const entry: CalledExecution = {
		ended: new Map(),
		query: coalesce(async () => {
			const { context, ended } = entry;
			// n8n's context holds all data of the run, and the execution may never be resumed.
			entry.context = undefined;
			// A round that hangs must not hold up those after it.
			return context && (await withinCallbackTimeout(async (cancel) => await queryRound(context, ended, cancel)));
		}),
	};
	return entry;
});

/**
 * Asks HiDream about all tasks of a suspended execution, together with the other callbacks that are waiting. A task
 * that has ended is not queried again.
 * @returns 'no tasks' if none is suspended; undefined if HiDream could not be queried
 */
export async function queryAllTasks(context: IWebhookFunctions): Promise<RoundResult> {
	const entry = executions.get(context.getExecutionId());
	entry.context = context;
	return await entry.query();
}

/** Forgets an execution that was resumed. */
export const forgetExecution = (executionId: string): void => executions.drop(executionId);
