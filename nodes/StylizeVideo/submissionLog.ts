import type { IExecuteFunctions } from 'n8n-workflow';
import type { ErrorInfo } from '../shared/messages';

/** What n8n's log is told of a batch. After a crash it is all that is left; docs/recover-after-a-crash.md reads tasks out of these lines. */
export interface SubmissionLog {
	/** A request is about to go out: if n8n dies now, this line is all that tells of it. */
	sending: (itemIndex: number, requestId: string) => void;
	/** An item was refused for now. */
	backingOff: (itemIndex: number, errorInfo: ErrorInfo, waitMs: number) => void;
	/** An item has its task. */
	accepted: (itemIndex: number, taskId: string, requestId: string) => void;
	/** An item may have a task. */
	uncertain: (itemIndex: number, requestId: string) => void;
}

/** One line of the log, whatever the vendor put into an ID. */
const oneLine = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/** Writes at level info, n8n's default, so that nothing is lost unless the user wants it so. */
export function submissionLogOf({ logger }: IExecuteFunctions): SubmissionLog {
	const info = (line: string) => logger.info(oneLine(line));
	return {
		sending: (item, requestId) => info(`Submitting item ${item} to HiDream (request_id ${requestId})`),
		backingOff: (item, { message }, waitMs) => info(`Item ${item} is retried in ${Math.ceil(waitMs / 1_000)} s. ${message}`),
		accepted: (item, taskId, requestId) => info(`HiDream accepted task ${taskId} (item ${item}, request_id ${requestId})`),
		uncertain: (item, requestId) => logger.warn(oneLine(`HiDream may have accepted item ${item} (request_id ${requestId})`)),
	};
}
