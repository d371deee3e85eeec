import type { IWebhookFunctions } from 'n8n-workflow';
import { coalesce, recentEntries } from '../../async/coalesce';
import { parseBaseUrl } from '../../hidream/endpoints';
import { withinCallbackTimeout } from '../../hidream/taskCallback';
import { queryTasks } from '../../hidream/queryTasks';
import { hasEnded } from '../../hidream/status';
import type { TaskState } from '../../hidream/status';
import { connectionOf } from '../../shared/n8nHttpClient';
import { readSuspendedItems } from './suspendedItems';
import type { SuspendedItem } from './suspendedItems';

/** What HiDream says about all tasks of a suspended execution. */
export interface StatusRound {
	items: SuspendedItem[];
	/** The tasks that have ended. */
	ended: ReadonlyMap<string, TaskState>;
	/** The tasks that have not ended, or that HiDream said nothing about. */
	open: ReadonlySet<string>;
	/** HiDream could not be asked about some of them. */
	hasError: boolean;
	/** The service runs on this machine. */
	loopback: boolean;
}

/** Undefined: HiDream could not be asked in time, or the credential cannot be used. */
type Asked = StatusRound | 'no tasks' | undefined;

/** How many suspended executions this process remembers the ended tasks of. */
const MAX_EXECUTIONS = 50;

/** An execution that is being called: its callbacks of one instant are answered by one round of status requests. */
interface Called {
	/** The caller whose context the next round uses. */
	context?: IWebhookFunctions;
	ended: Map<string, TaskState>;
	ask: () => Promise<Asked>;
}

async function askRound(context: IWebhookFunctions, ended: Map<string, TaskState>, cancel: AbortSignal): Promise<Asked> {
	const items = readSuspendedItems(context);
	const taskIds = items?.flatMap(({ task }) => (task ? [task.id] : [])) ?? [];
	if (!items || taskIds.length === 0) return 'no tasks';
	const credential = await context.getCredentials('hiDreamApi');
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) return undefined;
	const answers = await queryTasks(connectionOf(context, { baseUrl: baseUrl.url, credential }), { cancel }, taskIds.filter((id) => !ended.has(id)));
	let hasError = false;
	for (const [id, answer] of answers) {
		if ('reason' in answer) hasError = true;
		else if (hasEnded(answer.state.status)) ended.set(id, answer.state);
	}
	const open = new Set(taskIds.filter((id) => !ended.has(id)));
	return { items, ended, open, hasError, loopback: baseUrl.loopback };
}

const called = recentEntries<Called>(MAX_EXECUTIONS, () => {
	const entry: Called = {
		ended: new Map(),
		ask: coalesce(async () => {
			const { context, ended } = entry;
			// n8n's context holds all data of the run, and the execution may never be resumed.
			entry.context = undefined;
			// A round that hangs must not hold up those after it.
			return context && (await withinCallbackTimeout(async (cancel) => await askRound(context, ended, cancel)));
		}),
	};
	return entry;
});

/**
 * Asks HiDream about all tasks of a suspended execution, together with the other callbacks that are waiting. A task
 * that has ended is not asked about again.
 * @returns 'no tasks' if none is suspended; undefined if HiDream could not be asked
 */
export async function queryAllTasks(context: IWebhookFunctions): Promise<Asked> {
	const entry = called.get(context.getExecutionId());
	entry.context = context;
	return await entry.ask();
}

/** Forgets an execution that goes on. */
export const forgetExecution = (executionId: string): void => called.drop(executionId);
