import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { queryTasks, type TaskQueryResult } from '../../hidream/queryTasks';
import { Accounts, type Account } from '../account';
import { outputOf, throwIfEnded, type Results } from '../finish';
import { InvalidInput } from '../../shared/input';
import { errorInfoOf } from '../../shared/messages/aboutErrors';
import { INPUT } from '../../shared/messages/aboutInput';
import { connectionOf } from '../../shared/n8nHttpClient';
import { NodeParameters, type ItemParameters } from '../../shared/nodeParameters';
import type { FailedItem } from '../../shared/output';
import { checked } from '../plan';
import { queryFailed, resultItem, type ResultSettings } from '../../video/result';
import { TASK_ID } from '../parameters';
import { readResultSettings } from '../resultSettings';

interface TaskRequest {
	taskId: string;
	account: Account;
	settings: ResultSettings;
}

async function readTaskId(parameters: ItemParameters): Promise<{ taskId: string }> {
	const taskId = parameters.get(TASK_ID);
	if (taskId !== '') return { taskId };
	throw new InvalidInput(...INPUT.noTaskId);
}

/** Reads an item. Once it names a task, nothing that is wrong with it is `invalid`: the video must not be submitted again. */
async function readItem(parameters: ItemParameters, itemIndex: number, accounts: Accounts): Promise<TaskRequest | FailedItem> {
	const named = await checked(readTaskId(parameters));
	if ('status' in named) return named;
	const readRest = async () => ({ account: await accounts.forItem(itemIndex), settings: readResultSettings(parameters) });
	const rest = await checked(readRest());
	return 'status' in rest ? queryFailed(rest.errorInfo, named.taskId) : { ...named, ...rest };
}

/** Queries the tasks of each account in batches. */
async function queryAll(context: IExecuteFunctions, requests: TaskRequest[]): Promise<Map<Account, Map<string, TaskQueryResult>>> {
	const cancel = context.getExecutionCancelSignal();
	const results = new Map<Account, Map<string, TaskQueryResult>>();
	for (const account of new Set(requests.map((request) => request.account))) {
		const taskIds = requests.filter((request) => request.account === account).map(({ taskId }) => taskId);
		results.set(account, await queryTasks(connectionOf(context, account), { cancel, confirmEmpty: true }, taskIds));
	}
	return results;
}

/**
 * Returns the current status of each task without waiting. A task that failed or that HiDream does not know is a status.
 * @throws NodeApiError or NodeOperationError for the first item that failed, unless the node continues on fail
 */
export async function executeGetResult(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const accounts = new Accounts(context);
	const parameters = new NodeParameters(context);
	const results: Results = { done: new Map(), failed: new Map() };
	const requests = new Map<number, TaskRequest>();
	for (let i = 0; i < context.getInputData().length; i++) {
		const request = await readItem(parameters.forItem(i), i, accounts);
		if ('status' in request) results.failed.set(i, request);
		else requests.set(i, request);
	}
	throwIfEnded(context, results);
	const queriedTasks = await queryAll(context, [...requests.values()]);
	const cancel = context.getExecutionCancelSignal();
	for (const [i, { taskId, account, settings }] of requests) {
		const queried = queriedTasks.get(account)?.get(taskId);
		if (!queried || 'reason' in queried) {
			if (queried) results.failed.set(i, queryFailed(errorInfoOf(queried.reason), taskId));
			continue;
		}
		const result = await resultItem(context, i, queried.state, { settings, sameMachine: account.sameMachine, cancel });
		if ('failed' in result) results.failed.set(i, result.failed);
		else results.done.set(i, result.item);
	}
	throwIfEnded(context, results);
	return outputOf(context, results);
}
