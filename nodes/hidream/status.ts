import type { IDataObject } from 'n8n-workflow';
import { isObject } from './vendorJson';

/** How far a task is. `not_found`: HiDream does not know the ID. */
export type TaskStatus = 'waiting' | 'processing' | 'succeeded' | 'failed' | 'rejected' | 'not_found';

/** What the service says of one task. */
export interface TaskState {
	taskId: string;
	status: TaskStatus;
	/** 0 to 1. */
	progress: number;
	/** The videos of all sub-tasks that are done, in the vendor's order. */
	videoUrls: string[];
	/** The vendor's `description` of a failure, where it gave one. */
	description?: string;
	/** The vendor's entries, as harmless as `vendorJson` makes them. */
	subTaskResults: IDataObject[];
}

/**
 * `task_status` of a sub-task. CERTAIN on v3 txt2video, LIKELY here: 0 waiting, 1 done, 2 processing, 3 failed,
 * 4 refused by content review. LIKELY: 1004, 1005 and 1006, the algorithm gave no result. Any other number,
 * negative ones too, means that it goes on (LIKELY: the vendor's own client treats it so).
 */
const SUB_TASK: Readonly<Record<number, TaskStatus>> = {
	0: 'waiting',
	1: 'succeeded',
	2: 'processing',
	3: 'failed',
	4: 'rejected',
	1004: 'failed',
	1005: 'failed',
	1006: 'failed',
};

const ENDED: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['succeeded', 'failed', 'rejected']);

/** Whether nothing more will become of the task. A task that was accepted and is not found may still turn up. */
export const hasEnded = (status: TaskStatus): boolean => ENDED.has(status);

/** LIKELY a full URL; empty until the sub-task is done. */
const videoOf = ({ video }: IDataObject): string | undefined =>
	typeof video === 'string' && /^https?:\/\//i.test(video) ? video : undefined;

/** A number, or text that is one; NaN for anything else, objects that cannot become a number included. */
function numberOf(value: unknown): number {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

function statusOf(entry: IDataObject): TaskStatus {
	const status = SUB_TASK[numberOf(entry.task_status)] ?? 'processing';
	return status === 'succeeded' && videoOf(entry) === undefined ? 'processing' : status;
}

/** LIKELY a number from 0 to 1; a number over 1 is taken for a percentage. */
function progressOf(entry: IDataObject): number {
	if (statusOf(entry) === 'succeeded') return 1;
	const value = numberOf(entry.task_completion);
	if (!Number.isFinite(value) || value <= 0) return 0;
	return Math.min(1, value > 1 ? value / 100 : value);
}

/** The whole task: one that failed or was refused ends it, all done with a video ends it well. */
function overall(statuses: TaskStatus[]): TaskStatus {
	if (statuses.includes('failed')) return 'failed';
	if (statuses.includes('rejected')) return 'rejected';
	if (statuses.length > 0 && statuses.every((status) => status === 'succeeded')) return 'succeeded';
	return statuses.some((status) => status !== 'waiting') ? 'processing' : 'waiting';
}

/**
 * Reads the vendor's `sub_task_results`. An empty list is a task that still waits (LIKELY).
 * @param value whatever the service sent there
 */
export function readTask(taskId: string, value: unknown): TaskState {
	const entries = Array.isArray(value) ? value.filter(isObject) : [];
	const statuses = entries.map(statusOf);
	const description = entries.map((entry) => entry.description).find((text) => typeof text === 'string' && text !== '');
	const sum = entries.reduce((total, entry) => total + progressOf(entry), 0);
	return {
		taskId,
		status: overall(statuses),
		progress: entries.length === 0 ? 0 : sum / entries.length,
		videoUrls: entries.flatMap((entry) => (statusOf(entry) === 'succeeded' ? (videoOf(entry) ?? []) : [])),
		description: typeof description === 'string' ? description.slice(0, 500) : undefined,
		subTaskResults: entries,
	};
}

/** A task whose ID the service does not know. */
export const unknownTask = (taskId: string): TaskState => ({
	taskId,
	status: 'not_found',
	progress: 0,
	videoUrls: [],
	subTaskResults: [],
});

/** A task as it goes out into the workflow: `{ task_id, status, progress, video_url, video_urls, sub_task_results }`. */
export const taskJson = ({ taskId, status, progress, videoUrls, subTaskResults }: TaskState): IDataObject => ({
	task_id: taskId,
	status,
	progress,
	video_url: status === 'succeeded' ? (videoUrls[0] ?? null) : null,
	video_urls: videoUrls,
	sub_task_results: subTaskResults,
});
