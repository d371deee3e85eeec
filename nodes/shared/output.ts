import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Outcome } from '../submission/submission';
import type { TaskState } from '../hidream/status';
import type { StyleOptions } from '../hidream/styles';
import { RUN } from './messages/aboutRuns';
import type { ErrorInfo } from './messages/message';

/** A submission whose task is known and paid for. */
export type Accepted = Extract<Outcome, { kind: 'accepted' }>;

/** An item that was submitted, or is returned because it must not or cannot be submitted now. */
export type Submitted = Accepted | Extract<Outcome, { kind: 'alreadySubmitted' | 'notSubmitted' }>;

/**
 * What is true about money when an item has failed. `invalid`, `refused` and `not_tried`: there is no task, so the item can
 * be sent again. `uncertain`: there may be a task. `task_failed` and `task_rejected`: there is one, and it ended badly.
 * `query_failed`: there is one, and its status could not be queried.
 */
export type FailedStatus = 'invalid' | 'refused' | 'not_tried' | 'uncertain' | 'task_failed' | 'task_rejected' | 'query_failed';

/** How an item failed. */
export interface FailedItem {
	status: FailedStatus;
	errorInfo: ErrorInfo;
	/** The `request_id` that the node sent. */
	requestId?: string;
}

/**
 * The output of a submit for one item. `already_submitted`: its "Idempotency Key" was used before, and the task ID is
 * unknown. `not_submitted`: a limit is reached; `retry_after` is in seconds.
 * @param styleOptions of the item's parameters; an accepted task keeps those that it was submitted with
 */
export function submissionJson(outcome: Submitted, styleOptions: StyleOptions): IDataObject {
	const { style, prompt } = outcome.kind === 'accepted' ? outcome.styleOptions : styleOptions;
	if (outcome.kind === 'accepted') {
		return { task_id: outcome.taskId, sub_task_ids: outcome.subTaskIds, request_id: outcome.requestId, status: 'submitted', style, prompt };
	}
	const nothing = { task_id: null, sub_task_ids: [], request_id: null };
	if (outcome.kind === 'alreadySubmitted') return { ...nothing, request_id: outcome.requestId, status: 'already_submitted', style, prompt };
	return { ...nothing, status: 'not_submitted', retry_after: Math.ceil(outcome.retryAfterMs / 1_000), style, prompt };
}

/**
 * A task in the output: what a user looks for first comes first in n8n's table too. `failure_reason`: why the task failed or
 * was rejected, if HiDream says so.
 * @param more fields of the item, after those of the task, which win
 */
export function taskJsonWith({ taskId, status, progress, videoUrls, description, subTaskResults }: TaskState, more: IDataObject): IDataObject {
	const task: IDataObject = {
		status,
		video_url: status === 'succeeded' ? (videoUrls[0] ?? null) : null,
		failure_reason: status === 'failed' || status === 'rejected' ? (description ?? null) : null,
		task_id: taskId,
		progress,
		video_urls: videoUrls,
		sub_task_results: subTaskResults,
	};
	return { ...task, ...more, ...task };
}

/** The `request_id` to name to HiDream: the vendor's, or else the one that was sent. */
export const requestIdOf = ({ errorInfo, requestId }: FailedItem): string | undefined => errorInfo.requestId ?? requestId;

/** What happened and what to do, in full: error outputs and AI agents get nothing else. */
export function messageOf(failed: FailedItem, where = ''): string {
	const requestId = requestIdOf(failed);
	const { message, hint } = failed.errorInfo;
	return `${message}${where}. ${hint}${requestId === undefined ? '' : ` ${RUN.requestId(requestId)}`}`;
}

/**
 * The item of a failure under "continue on fail". The JSON must have no other key, or n8n would not send the
 * item to the error output; and `item.error` is not set, since n8n would replace the whole JSON by it.
 */
export const failedItem = (itemIndex: number, failed: FailedItem): INodeExecutionData => ({
	json: {
		error: failed.errorInfo.message,
		message: messageOf(failed),
		details: {
			status: failed.status,
			scope: failed.errorInfo.scope ?? 'item',
			code: failed.errorInfo.vendorCode ?? null,
			request_id: requestIdOf(failed) ?? null,
			task_id: failed.errorInfo.taskId ?? null,
		},
	},
	pairedItem: { item: itemIndex },
});
