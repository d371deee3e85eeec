import { jsonParse } from 'n8n-workflow';
import type { IDataObject, IExecuteData, IExecuteFunctions, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { runsAsTool } from '../ledger';
import type { ResultSettings } from '../../shared/result';

/** An item of a parked execution: as it comes out if the wait runs out, and what its result needs. */
export interface SuspendedItem {
	/** Its output so far: for a task, what the submit said. */
	json: IDataObject;
	/** Absent for an item that has no task. */
	task?: { id: string; settings: ResultSettings };
}

const FIELD = 'hiDreamParked';

/** The items of each call of the node that was put to sleep, as they come out when the wait runs out. */
const asleep = new WeakMap<IExecuteData, INodeExecutionData[]>();

/** Gives n8n the items to keep while the execution sleeps, in place of the node's input. */
export function keepSuspended(executeData: IExecuteData, items: INodeExecutionData[]): void {
	// Copies: n8n empties the array that a node returns.
	executeData.data.main = [[...items]];
	asleep.set(executeData, [...items]);
}

/**
 * The items of a call that was put to sleep and is made again all the same: with Retry On Fail and "Continue", n8n
 * does so when the first item has failed. Their input is gone by then, so there is nothing that could be read anew.
 */
export function itemsOfSuspendedCall(context: IExecuteFunctions): INodeExecutionData[] | undefined {
	// A tool has one item, which sleeps or has failed; and in n8n 1.x its calls share the data of the agent.
	const items = runsAsTool(context.getNode()) ? undefined : asleep.get(context.getExecuteData());
	return items && [...items];
}

/**
 * Lays the items by in the execution's context data, which n8n saves with the parked execution. They must not
 * stand in the parked items themselves, which come out as they are when the wait runs out; and expressions
 * would see other items in the webhook than they do here.
 */
export function storeSuspendedItems(context: IExecuteFunctions, items: SuspendedItem[]): void {
	context.getContext('node')[FIELD] = JSON.stringify(items);
}

/** Text as a string of an expression: n8n's parser sees nothing in it but letters, digits and escapes. */
const quoted = (text: string): string =>
	`"${text.replace(/[^a-z0-9]/gi, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

/** The items that were laid by; undefined when there are none. */
export function readSuspendedItems(context: IWebhookFunctions): SuspendedItem[] | undefined {
	const stored: unknown = context.evaluateExpression(`{{ $(${quoted(context.getNode().name)}).context[${quoted(FIELD)}] }}`);
	if (typeof stored !== 'string') return undefined;
	return jsonParse<SuspendedItem[] | null>(stored, { fallbackValue: null }) ?? undefined;
}
