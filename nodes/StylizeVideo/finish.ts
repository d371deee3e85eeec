import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Ledger } from '../submission/ledger';
import { cancelledError, runError } from './errors';
import { hintAtFailedTasks } from './hints';
import { notTriedInfo } from '../shared/messages/aboutRuns';
import { failedItem, type FailedItem } from '../shared/output';

/** The result of each item, by its index; one that is in neither was not tried. */
export interface Results {
	done: Map<number, INodeExecutionData>;
	failed: Map<number, FailedItem>;
	/** Items that are submitted but not done: they count as tried. */
	submitted?: Map<number, unknown>;
	/** The failure after which nothing else was tried, if there was one. */
	endedBy?: FailedItem;
}

/**
 * Ends a run early if it was cancelled, or an item failed and the node does not continue
 * on fail.
 * @param ledger holds the accepted tasks; undefined for an operation that creates none
 * @throws NodeApiError or NodeOperationError for the first item that failed
 */
export function throwIfEnded(context: IExecuteFunctions, results: Results, ledger?: Ledger): void {
	const node = context.getNode();
	const tasks = { acceptedTaskIds: ledger?.acceptedTaskIds() ?? [], unclearRequests: ledger?.unclearRequests() ?? [] };
	if (context.getExecutionCancelSignal()?.aborted) throw cancelledError(node, tasks);
	const first = [...results.failed].sort(([a], [b]) => a - b)[0];
	if (!first || context.continueOnFail()) return;
	const { done, failed, submitted } = results;
	const notTried = context.getInputData().filter((_, i) => !done.has(i) && !failed.has(i) && !submitted?.has(i)).length;
	throw runError(node, ...first, { ...tasks, notTried });
}

/** The node's output: one item per input item, in order. */
export function outputOf(context: IExecuteFunctions, { done, failed, endedBy }: Results): INodeExecutionData[][] {
	const notTried: FailedItem = { status: 'not_tried', errorInfo: notTriedInfo(endedBy?.errorInfo) };
	const items = context.getInputData().map((_, i) => done.get(i) ?? failedItem(i, failed.get(i) ?? notTried));
	hintAtFailedTasks(context, items);
	return [items];
}
