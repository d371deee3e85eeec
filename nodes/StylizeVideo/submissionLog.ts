import type { IExecuteFunctions } from 'n8n-workflow';
import type { ErrorInfo } from '../shared/messages/responseMessages';
import { LOG } from '../shared/messages/runMessages';

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
		sending: (item, requestId) => info(LOG.sending(item, requestId)),
		backingOff: (item, { message }, waitMs) => info(LOG.backingOff(item, Math.ceil(waitMs / 1_000), message)),
		accepted: (item, taskId, requestId) => info(LOG.accepted(item, taskId, requestId)),
		uncertain: (item, requestId) => logger.warn(oneLine(LOG.uncertain(item, requestId))),
	};
}
