import { NodeApiError, NodeOperationError, type IExecuteFunctions, type INode, type INodeExecutionData, type JsonObject } from 'n8n-workflow';
import { HINTS, RUN } from '../shared/messages/aboutRuns';
import { runsAsTool } from './runLedger';
import { messageOf, requestIdOf, type FailedItem } from '../shared/output';
import { sizeText } from '../video/measureDownload';

/** What else happened in a run that ended with an error: no accepted task may be lost. */
export interface RunSummary {
	acceptedTaskIds: string[];
	/** How many items were not sent because of the error. */
	notTried: number;
}

/** n8n shows a description as HTML, and it may contain the vendor's text. */
const escapeHtml = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const present = (parts: Array<string | undefined>): string[] => parts.filter((part) => part !== undefined && part !== '') as string[];

/** What the run has cost and left; empty when there is nothing that could be lost. */
const summaryOf = ({ acceptedTaskIds, notTried }: RunSummary): string =>
	present([acceptedTaskIds.length > 0 ? RUN.acceptedTasks(acceptedTaskIds) : undefined, notTried > 0 ? RUN.notTried(notTried) : undefined]).join(' ');

function vendorFacts(failed: FailedItem): string {
	const { httpStatus, vendorCode, vendorMessage, taskId } = failed.errorInfo;
	const facts = { 'HTTP status': httpStatus, code: vendorCode, message: vendorMessage, request_id: requestIdOf(failed), task_id: taskId };
	return present(Object.entries(facts).map(([name, value]) => (value === undefined ? undefined : `${name}: ${value}`))).join(', ');
}

/**
 * The error that ends a run: what happened, to which item, what to do now, which tasks are accepted and how
 * many items were not tried. An AI agent gets only the message, so for an agent the message also says what to do.
 */
export function runError(
	node: INode,
	itemIndex: number,
	failed: FailedItem,
	summary: RunSummary,
): NodeApiError | NodeOperationError {
	const { errorInfo } = failed;
	const facts = vendorFacts(failed);
	const where = ` [item ${itemIndex}]`;
	const what = runsAsTool(node) ? messageOf(failed, where) : `${errorInfo.message}${where}`;
	const message = present([what, summaryOf(summary)]).join(runsAsTool(node) ? ' ' : '. ');
	const description = present([errorInfo.hint, summaryOf(summary), facts && `Details: ${facts}.`])
		.map(escapeHtml)
		.join('<br>');
	const { httpStatus } = errorInfo;
	const error =
		httpStatus === undefined
			? new NodeOperationError(node, message, { description, itemIndex })
			: new NodeApiError(node, { message } as JsonObject, { message, description, httpCode: String(httpStatus), itemIndex });
	// n8n replaces a message in which it finds the name of a common error; ours may quote one.
	error.message = message;
	return error;
}

/** The error of a run that was cancelled; n8n shows it nowhere but in its log. */
export const cancelledError = (node: INode, acceptedTaskIds: string[]): NodeOperationError =>
	new NodeOperationError(node, present([RUN.cancelled, summaryOf({ acceptedTaskIds, notTried: 0 })]).join(' '));

/** In bytes. Smaller videos do not strain n8n's memory. */
const MIN_HINT_BYTES = 16_000_000;

const show = (context: IExecuteFunctions, message: string): void =>
	context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });

/**
 * Says in the editor that n8n's database holds the videos: n8n loads each one whole, several times over, before a node
 * sees its first byte, and no node can change that.
 * @param sizes of the videos that come from n8n's database, in bytes
 */
export function hintAtDatabase(context: IExecuteFunctions, sizes: number[]): void {
	const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
	if (largest >= MIN_HINT_BYTES) show(context, HINTS.largeDatabaseFile(sizeText(largest)));
}

/** Says in the editor that tasks failed or were not downloaded: their items look like the others. */
export function hintAtFailedTasks(context: IExecuteFunctions, items: INodeExecutionData[]): void {
	const hint = (found: INodeExecutionData[], text: (found: number, items: number) => string, reason: unknown) => {
		if (found.length === 0) return;
		show(context, `${text(found.length, items.length)}${typeof reason === 'string' ? `: ${escapeHtml(reason)}` : ''}`);
	};
	const failed = items.filter(({ json }) => json.status === 'failed' || json.status === 'rejected');
	hint(failed, HINTS.tasksFailed, failed[0]?.json.failure_reason);
	const missing = items.filter(({ json }) => json.download_error !== undefined);
	hint(missing, HINTS.notDownloaded, missing[0]?.json.download_error);
}
