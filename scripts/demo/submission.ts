/** The result of one submitted video. */
export interface DemoSubmission {
	input: string;
	style: string;
	taskId: string;
	status: string;
	/** Why HiDream has no task, in the node's own message. */
	problem?: string;
}

/** Whether HiDream has accepted the video. */
export const isAccepted = ({ status, taskId }: DemoSubmission): boolean => status === 'submitted' && taskId !== '';
