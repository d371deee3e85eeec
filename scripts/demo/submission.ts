import type { IDataObject } from 'n8n-workflow';

import type { Execution } from '../../harness/n8n/execution';

/** The node's name in the example workflows. */
const nodeName = 'HiDream Stylize Video';

/** What came of one example: the node's output, or why there is none. */
export interface Submission {
	input: string;
	style: string;
	taskId: string;
	subTaskIds: string;
	requestId: string;
	status: string;
	accepted: boolean;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads the outcome of one example from its execution. */
export function submissionOf(input: string, execution: Execution): Submission {
	const [json = {}]: IDataObject[] = execution.json(nodeName);
	const taskId = text(json['task_id']);
	const ids = json['sub_task_ids'];
	const accepted = execution.status === 'success' && json['status'] === 'submitted' && taskId !== '';
	return {
		input,
		style: text(json['style']),
		taskId,
		subTaskIds: Array.isArray(ids) ? ids.join('\n') : '',
		requestId: text(json['request_id']),
		status: accepted ? 'submitted' : failureOf(execution, json),
		accepted,
	};
}

function failureOf(execution: Execution, json: IDataObject): string {
	const { error } = execution;
	const description = error?.description ?? '';
	return [`execution ${execution.status}`, error?.message ?? text(json['message']), description].filter(Boolean).join('\n');
}
