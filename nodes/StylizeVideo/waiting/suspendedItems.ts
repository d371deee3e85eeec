import { jsonParse, type IDataObject, type IExecuteData, type IExecuteFunctions, type INodeExecutionData, type IWebhookFunctions } from 'n8n-workflow';
import { runsAsTool } from '../runLedger';
import type { TaskState } from '../../hidream/status';
import type { Caller } from '../../shared/n8nHttpClient';
import { failedItem } from '../../shared/output';
import { resultItem, type ResultDelivery, type ResultSettings } from '../../video/result';

/** An item of a suspended execution: its output if the wait times out, and what its result needs. */
export interface SuspendedItem {
	/** Its output so far: for a task, what the submit said. */
	json: IDataObject;
	/** Absent for an item that has no task. */
	task?: { id: string; settings: ResultSettings };
}

const FIELD = 'hiDreamSuspended';

/** The output of each suspended call of the node if its wait times out. */
const suspendedCalls = new WeakMap<IExecuteData, INodeExecutionData[]>();

/** Gives n8n the items to keep while the execution is suspended, in place of the node's input. */
export function keepSuspended(executeData: IExecuteData, items: INodeExecutionData[]): void {
	// Copies: n8n empties the array that a node returns.
	executeData.data.main = [[...items]];
	suspendedCalls.set(executeData, [...items]);
}

/**
 * The items of a suspended call that n8n repeats: with Retry On Fail and "Continue" it does so when the first item has
 * failed. The input is gone by then.
 */
export function itemsOfSuspendedCall(context: IExecuteFunctions): INodeExecutionData[] | undefined {
	// A tool has one item, which is suspended or has failed; and in n8n 1.x its calls share the data of the agent.
	const items = runsAsTool(context.getNode()) ? undefined : suspendedCalls.get(context.getExecuteData());
	return items && [...items];
}

/**
 * Stores the items in the execution's context data, which n8n saves with the suspended execution. They cannot be stored in
 * the suspended items, which are the output if the wait times out, and expressions see other items in the webhook.
 */
export function storeSuspendedItems(context: IExecuteFunctions, items: SuspendedItem[]): void {
	context.getContext('node')[FIELD] = JSON.stringify(items);
}

/** Text as a string of an expression: n8n's parser sees nothing in it but letters, digits and escapes. */
const quoted = (text: string): string =>
	`"${text.replace(/[^a-z0-9]/gi, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

/** The stored items; undefined if there are none. */
export function readSuspendedItems(context: IWebhookFunctions): SuspendedItem[] | undefined {
	const stored: unknown = context.evaluateExpression(`{{ $(${quoted(context.getNode().name)}).context[${quoted(FIELD)}] }}`);
	if (typeof stored !== 'string') return undefined;
	return jsonParse<SuspendedItem[] | null>(stored, { fallbackValue: null }) ?? undefined;
}

/**
 * The output of suspended items: the result of each task that has ended, and all others as they are.
 * @param ended the tasks that have ended, by their ID
 */
export async function outputOfSuspended(caller: Caller, items: SuspendedItem[], ended: ReadonlyMap<string, TaskState>, delivery: Omit<ResultDelivery, 'settings'>): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (const [i, { json, task }] of items.entries()) {
		const state = task && ended.get(task.id);
		const unchanged = { item: { json, pairedItem: { item: i } } };
		const result = state ? await resultItem(caller, i, state, { ...delivery, settings: task.settings }, json) : unchanged;
		output.push('failed' in result ? failedItem(i, result.failed) : result.item);
	}
	return output;
}
