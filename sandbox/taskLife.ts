import type { Language } from './responses';
import type { VideoInput } from './body/videoField';
import { descriptionOf, isEnd, statusOf, TASK_STATUS, type TaskOutcome } from './outcomes';

/** One delivery attempt: the status of the response, or why there was none. Times are milliseconds since the epoch. */
export interface CallbackRecord {
	at: number;
	status?: number;
	error?: string;
}

/** An accepted task. Fields that the client did not send are null. */
export interface TaskRecord {
	taskId: string;
	subTaskIds: string[];
	requestId: string | null;
	accountId: string;
	style: string | null;
	prompt: string | null;
	video: VideoInput;
	notifyUrl: string | null;
	apiUserId: string | null;
	acceptedAt: number;
	/** When the last sub-task ended; null before. */
	endedAt: number | null;
	callbacks: CallbackRecord[];
}

/** One entry of HiDream's `sub_task_results`. `video` before the end is UNKNOWN; here it is empty. */
export interface SubTaskResult {
	sub_task_id: string;
	task_status: number;
	task_completion: number;
	video: string;
	description?: string;
}

/** The share of its time that a sub-task waits before it is processed. */
const WAITING_SHARE = 0.1;
/** A task of several sub-tasks has its first result a little after this share of its time. */
const FIRST_RESULT_SHARE = 0.7;

/** The progress of one task, by the clock. */
export class TaskLife {
	/** Set by `settle`: the outcomes apply from now on, whatever the clock says. */
	private forced = false;

	constructor(
		readonly record: TaskRecord,
		private outcomes: TaskOutcome[],
		private readonly taskMs: number,
		private readonly videoUrl: (subTaskId: string) => string,
	) {}

	/** Sets the outcome of every sub-task immediately. */
	settle(outcome: TaskOutcome): void {
		this.outcomes = this.record.subTaskIds.map(() => outcome);
		this.forced = true;
	}

	/** Whether the task ends by itself. */
	willEnd(): boolean {
		return this.outcomes.every(isEnd);
	}

	/** Whether every sub-task has ended at this time. */
	hasEnded(now: number): boolean {
		return this.outcomes.every((outcome, index) => isEnd(outcome) && this.isOver(index, now));
	}

	/** The response of the result query at this time. */
	results(now: number, language: Language): SubTaskResult[] {
		return this.outcomes.map((outcome, index) => {
			const result: SubTaskResult = {
				sub_task_id: this.record.subTaskIds[index] ?? '',
				...this.progress(index, now),
				video: '',
			};
			if (outcome === 'never' || !this.isOver(index, now)) return result;
			const description = descriptionOf(outcome, language);
			result.task_status = statusOf(outcome);
			result.task_completion = outcome === 'succeeded' ? 1 : 0;
			if (outcome === 'succeeded') result.video = this.videoUrl(result.sub_task_id);
			if (description !== undefined) result.description = description;
			return result;
		});
	}

	private progress(index: number, now: number): { task_status: number; task_completion: number } {
		const share = (now - this.record.acceptedAt) / this.duration(index);
		return share < WAITING_SHARE
			? { task_status: TASK_STATUS.waiting, task_completion: 0 }
			: { task_status: TASK_STATUS.processing, task_completion: Math.min(0.99, share) };
	}

	/** When sub-task `index` ends, in milliseconds after acceptance: one after the other, the last at the very end. */
	private duration(index: number): number {
		const count = this.outcomes.length;
		if (index === count - 1) return this.taskMs;
		return this.taskMs * (FIRST_RESULT_SHARE + ((1 - FIRST_RESULT_SHARE) * (index + 1)) / count);
	}

	private isOver(index: number, now: number): boolean {
		return this.forced || now - this.record.acceptedAt >= this.duration(index);
	}
}
