import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { INode, JsonObject } from 'n8n-workflow';
import { messageOf, requestIdOf } from './output';
import type { Failed } from './output';

/** What else happened in the run that an error ends: nobody may lose a paid task to it. */
export interface RunSummary {
	acceptedTaskIds: string[];
	/** How many items were not sent because of the error. */
	notTried: number;
}

/** n8n shows a description as HTML, and it may hold the vendor's text. */
const escapeHtml = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

function summaryOf({ acceptedTaskIds, notTried }: RunSummary): string {
	const accepted =
		acceptedTaskIds.length === 0
			? 'No task was accepted in this run.'
			: `Accepted tasks of this run, which are paid for: ${acceptedTaskIds.join(', ')}.`;
	return notTried === 0 ? accepted : `${accepted} ${notTried} ${notTried === 1 ? 'item was' : 'items were'} not tried.`;
}

function vendorFacts(failed: Failed): string {
	const { problem } = failed;
	const facts: Array<[string, unknown]> = [
		['HTTP status', problem.httpStatus],
		['code', problem.code],
		['message', problem.vendorMessage],
		['request_id', requestIdOf(failed)],
		['task_id', problem.taskId],
	];
	return facts
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${name}: ${String(value)}`)
		.join(', ');
}

/**
 * The error that ends a run. Its message says everything that matters by itself, since an AI agent is shown
 * nothing else: what happened, what to do, which tasks are paid for, how many items are left.
 */
export function runError(
	node: INode,
	itemIndex: number,
	failed: Failed,
	summary: RunSummary,
): NodeApiError | NodeOperationError {
	const { problem } = failed;
	const facts = vendorFacts(failed);
	const message = `${messageOf(failed, ` [item ${itemIndex}]`)} ${summaryOf(summary)}`;
	const description = [problem.advice, summaryOf(summary), facts && `HiDream's answer: ${facts}.`]
		.filter((part) => part !== '')
		.map(escapeHtml)
		.join('<br>');
	const { httpStatus } = problem;
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
	new NodeOperationError(node, `The execution was cancelled. ${summaryOf({ acceptedTaskIds, notTried: 0 })}`);
