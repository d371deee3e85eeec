import { isObject, type JsonObject } from './vendorJson';

/** The status of a task. `not_found`: HiDream does not know the ID. */
export type TaskStatus = 'waiting' | 'processing' | 'succeeded' | 'failed' | 'rejected' | 'not_found';

/** The state of one task, as HiDream returned it. */
export interface TaskState {
	taskId: string;
	status: TaskStatus;
	/** 0 to 1. */
	progress: number;
	/** The videos of all finished sub-tasks that have a URL, in the vendor's order. */
	videoUrls: string[];
	/** Why the task failed, where the vendor says so. */
	description?: string;
	/** The vendor's entries, sanitized by `vendorJson`. */
	subTaskResults: JsonObject[];
}

/** The status of one entry; `unknown` is a number that is not in the table. */
type EntryStatus = TaskStatus | 'unknown';

/**
 * `task_status` of a sub-task. CERTAIN on v3 txt2video, LIKELY here: 0 waiting, 1 done, 2 processing, 3 failed,
 * 4 rejected by content review. LIKELY: 1004, 1005 and 1006, the algorithm gave no result. LIKELY: -5 to -1, processing.
 */
const SUB_TASK: Readonly<Record<number, TaskStatus>> = {
	[-5]: 'processing',
	[-4]: 'processing',
	[-3]: 'processing',
	[-2]: 'processing',
	[-1]: 'processing',
	0: 'waiting',
	1: 'succeeded',
	2: 'processing',
	3: 'failed',
	4: 'rejected',
	1004: 'failed',
	1005: 'failed',
	1006: 'failed',
};

/** UNKNOWN: a gateway may spell a status as a word. */
const STATUS_WORDS: ReadonlyArray<readonly [RegExp, TaskStatus]> = [
	[/^(success\w*|succeed\w*|done|completed?|finished)$/i, 'succeeded'],
	[/^(fail\w*|error)$/i, 'failed'],
	[/^(reject\w*|refused|blocked)$/i, 'rejected'],
	[/^(wait\w*|pending|queued|submitted)$/i, 'waiting'],
];

/** Whether each status is final. A task that was accepted and is not found may still appear. */
export const FINAL: Record<TaskStatus, boolean> = { waiting: false, processing: false, succeeded: true, failed: true, rejected: true, not_found: false };

/** Whether the status of a task is final. */
export const hasEnded = (status: TaskStatus): boolean => FINAL[status];

/** A number, or text that is one; NaN for anything else, objects that cannot become a number included. */
function numberOf(value: unknown): number {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/**
 * Where an entry of a result may name its video: LIKELY `video`, a full URL. The vendor's own client also accepts `url`,
 * `media`, `output` and `image`. The first field that says anything counts: `image` may be a preview.
 */
const FIELDS = ['video', 'video_url', 'videos', 'video_urls', 'url', 'media', 'output', 'image'] as const;

/** Whether a value contains anything: non-empty text or a number, also inside an object or a list. */
function saysAnything(value: unknown): boolean {
	if (typeof value === 'string') return value.trim() !== '';
	if (typeof value === 'object' && value !== null) return Object.values(value).some(saysAnything);
	return typeof value === 'number';
}

/** The URLs in a value: text, an object with one of the fields, or a list. UNKNOWN: the host of a bare file name. */
function urlsIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(urlsIn);
	if (isObject(value)) return urlsIn(mediaOf(value));
	const text = typeof value === 'string' ? value.trim() : '';
	if (/^https?:\/\/[^/\s]/i.test(text)) return [text];
	return /^\/\/[^/\s]+\.[^/\s]+\//.test(text) ? [`https:${text}`] : [];
}

/** The video of an entry, however it is named. */
const mediaOf = (entry: JsonObject): unknown => FIELDS.map((field) => entry[field]).find(saysAnything);

/** A status that is neither a number nor a known word is not final. A finished task has a video, which may appear a moment later. */
function statusOf(entry: JsonObject): EntryStatus {
	const { task_status: given } = entry;
	const number = numberOf(given);
	const word = typeof given === 'string' ? STATUS_WORDS.find(([words]) => words.test(given.trim()))?.[1] : undefined;
	const status = Number.isNaN(number) ? (word ?? 'processing') : (SUB_TASK[number] ?? 'unknown');
	return status === 'succeeded' && mediaOf(entry) === undefined ? 'processing' : status;
}

/** LIKELY a number from 0 to 1; a number over 1 is taken for a percentage. */
function progressOf(entry: JsonObject): number {
	if (statusOf(entry) === 'succeeded') return 1;
	const value = numberOf(entry.task_completion);
	if (!Number.isFinite(value) || value <= 0) return 0;
	return Math.min(1, value > 1 ? value / 100 : value);
}

/**
 * The status of the whole task: it has failed or is rejected if one entry is, and has succeeded if all have. LIKELY (vendor's
 * client): if all entries have an unknown status, it has failed, so that the node does not wait forever.
 */
function overall(statuses: EntryStatus[]): TaskStatus {
	const all = (wanted: EntryStatus) => statuses.length > 0 && statuses.every((status) => status === wanted);
	if (statuses.includes('failed') || all('unknown')) return 'failed';
	if (statuses.includes('rejected')) return 'rejected';
	if (all('succeeded')) return 'succeeded';
	return statuses.some((status) => status !== 'waiting') ? 'processing' : 'waiting';
}

/** The entries of a result: a list, an object of entries, or a single entry. */
export function entriesOf(value: unknown): JsonObject[] {
	if (Array.isArray(value)) return value.filter(isObject);
	if (!isObject(value)) return [];
	return 'task_status' in value ? [value] : Object.values(value).filter(isObject);
}

/** Why a task failed: the vendor's words, or the unknown status. */
function descriptionOf(entries: JsonObject[]): string | undefined {
	const words = entries.flatMap(({ description, error_msg: message }) => [description, message]);
	const text = words.find((word) => typeof word === 'string' && word.trim() !== '');
	if (typeof text === 'string') return text.slice(0, 500);
	const [first] = entries;
	return first && entries.every((entry) => statusOf(entry) === 'unknown') ? `unknown status ${numberOf(first.task_status)}` : undefined;
}

/**
 * Reads the vendor's `sub_task_results`. An empty list is a task that still waits (LIKELY).
 * @param value whatever the service sent there
 */
export function readTask(taskId: string, value: unknown): TaskState {
	const entries = entriesOf(value);
	const sum = entries.reduce((total, entry) => total + progressOf(entry), 0);
	return {
		taskId,
		status: overall(entries.map(statusOf)),
		progress: entries.length === 0 ? 0 : sum / entries.length,
		videoUrls: entries.flatMap((entry) => (statusOf(entry) === 'succeeded' ? urlsIn(entry) : [])),
		description: descriptionOf(entries),
		subTaskResults: entries,
	};
}

/** A task whose ID the service does not know. */
export const unknownTask = (taskId: string): TaskState => ({ ...readTask(taskId, []), status: 'not_found' });
