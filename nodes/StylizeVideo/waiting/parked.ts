import { jsonParse } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { ResultSettings } from '../result';

/** An item of a parked execution: as it comes out if the wait runs out, and what its result needs. */
export interface ParkedItem {
	/** Its output so far: for a task, what the submit said. */
	json: IDataObject;
	/** Absent for an item that has no task. */
	task?: { id: string; settings: ResultSettings };
}

const FIELD = 'hiDreamParked';

/**
 * Lays the items by in the execution's context data, which n8n saves with the parked execution. They must not
 * stand in the parked items themselves, which come out as they are when the wait runs out; and expressions
 * would see other items in the webhook than they do here.
 */
export function layBy(context: IExecuteFunctions, items: ParkedItem[]): void {
	context.getContext('node')[FIELD] = JSON.stringify(items);
}

/** The items that were laid by; undefined when there are none. */
export function parkedItems(context: IWebhookFunctions): ParkedItem[] | undefined {
	const name = JSON.stringify(context.getNode().name);
	const stored: unknown = context.evaluateExpression(`{{ $node[${name}].context[${JSON.stringify(FIELD)}] }}`);
	if (typeof stored !== 'string') return undefined;
	return jsonParse<ParkedItem[] | null>(stored, { fallbackValue: null }) ?? undefined;
}
