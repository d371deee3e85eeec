import type { INodeExecutionData } from 'n8n-workflow';
import type { Problem } from '../hidream/verdict';

/** How an item ended that did not become a task. */
export interface Failed {
	status: 'invalid' | 'refused' | 'uncertain' | 'not_tried';
	problem: Problem;
	/** The `request_id` that the node sent. */
	requestId?: string;
}

/** The item of a submitted task, as the contract says. */
export const submittedItem = (
	itemIndex: number,
	task: { taskId: string; subTaskIds: string[]; requestId: string; style: string; prompt: string },
): INodeExecutionData => ({
	json: {
		task_id: task.taskId,
		sub_task_ids: task.subTaskIds,
		request_id: task.requestId,
		status: 'submitted',
		style: task.style,
		prompt: task.prompt,
	},
	pairedItem: { item: itemIndex },
});

/** The item whose "Submit Once Key" had been used before: nothing was sent, and its task ID is not known here. */
export const alreadySubmittedItem = (
	itemIndex: number,
	{ style, prompt }: { style: string; prompt: string },
): INodeExecutionData => ({
	json: { task_id: null, sub_task_ids: [], request_id: null, status: 'already_submitted', style, prompt },
	pairedItem: { item: itemIndex },
});

/** The `request_id` to name to HiDream: the vendor's, or else the one that was sent. */
export const requestIdOf = ({ problem, requestId }: Failed): string | undefined => problem.requestId ?? requestId;

/** What happened and what to do, whole in itself: an error branch and an AI agent are shown nothing else. */
export function messageOf(failed: Failed, where = ''): string {
	const requestId = requestIdOf(failed);
	const { what, advice } = failed.problem;
	return `${what}${where}. ${advice}${requestId === undefined ? '' : ` The request ID is ${requestId}.`}`;
}

/**
 * The item of a failure under "continue on fail". No other key may stand in the JSON, or n8n would keep the
 * item off the error branch; and `item.error` is not set, since n8n would replace the whole JSON by it.
 */
export const failedItem = (itemIndex: number, failed: Failed): INodeExecutionData => ({
	json: {
		error: failed.problem.what,
		message: messageOf(failed),
		details: {
			status: failed.status,
			code: failed.problem.code ?? null,
			request_id: requestIdOf(failed) ?? null,
			task_id: failed.problem.taskId ?? null,
		},
	},
	pairedItem: { item: itemIndex },
});
