import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';
import { RUN } from '../shared/messages/aboutRuns';
import { escapeHtml } from '../shared/messages/message';
import type { UnclearRequest } from '../submission/ledger';
import { runsAsTool } from './runLedger';
import { messageOf, requestIdOf, type FailedItem } from '../shared/output';

/** What else happened in a run that ended with an error: no accepted task may be lost. */
export interface RunSummary {
	acceptedTaskIds: string[];
	unclearRequests: UnclearRequest[];
	/** How many items were not sent because of the error. */
	notTried: number;
}

const present = (parts: Array<string | undefined>): string[] => parts.filter((part) => part !== undefined && part !== '') as string[];

/** What the run has cost and left; empty when there is nothing that could be lost. */
const summaryOf = ({ acceptedTaskIds, unclearRequests, notTried }: RunSummary): string =>
	present([
		acceptedTaskIds.length > 0 ? RUN.acceptedTasks(acceptedTaskIds) : undefined,
		unclearRequests.length > 0 ? RUN.unclearRequests(unclearRequests) : undefined,
		notTried > 0 ? RUN.notTried(notTried) : undefined,
	]).join(' ');

function vendorFacts(failed: FailedItem): string {
	const { httpStatus, vendorCode, vendorMessage, taskId } = failed.errorInfo;
	const facts = { 'HTTP status': httpStatus, code: vendorCode, message: vendorMessage, request_id: requestIdOf(failed), task_id: taskId };
	return present(Object.entries(facts).map(([name, value]) => (value === undefined ? undefined : `${name}: ${value}`))).join(', ');
}

/**
 * The error that ends a run: what happened, to which item, what to do now, which tasks are accepted and how
 * many items were not tried. An AI agent gets only the message, so for an agent the message also says what to do.
 */
export function runError(node: INode, itemIndex: number, failed: FailedItem, summary: RunSummary): NodeApiError | NodeOperationError {
	const { errorInfo } = failed;
	const facts = vendorFacts(failed);
	const where = ` [item ${itemIndex}]`;
	const what = runsAsTool(node) ? messageOf(failed, where) : `${errorInfo.message}${where}`;
	const others = summary.unclearRequests.filter(({ requestId }) => failed.status !== 'uncertain' || requestId !== failed.requestId);
	const rest = summaryOf({ ...summary, unclearRequests: others });
	const message = present([what, rest]).join(runsAsTool(node) ? ' ' : '. ');
	const description = present([errorInfo.hint, rest, facts && `Details: ${facts}.`])
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
export const cancelledError = (node: INode, tasks: Omit<RunSummary, 'notTried'>): NodeOperationError =>
	new NodeOperationError(node, present([RUN.cancelled, summaryOf({ ...tasks, notTried: 0 })]).join(' '));
