import { DESCRIPTIONS, type Language } from './responses';

/** How a (sub-)task ends. The object form reports any status; one that is not an end keeps the task in progress. */
export type TaskOutcome =
	| 'succeeded'
	| 'failed'
	| 'rejected'
	| 'noResult'
	| 'never'
	| { status: number; description?: string };

/** `task_status` values: 0..4 CERTAIN on sibling endpoints, 1004 LIKELY. */
export const TASK_STATUS = { waiting: 0, succeeded: 1, processing: 2, failed: 3, rejected: 4, noResult: 1004 } as const;

const END_STATUSES: readonly number[] = [1, 3, 4, 1004, 1005, 1006];

/** The outcome in a prompt: `[fail]`, `[reject]`, `[noresult]`, `[never]`; otherwise success. */
export function outcomeByMarker(prompt: string | null): TaskOutcome {
	if (prompt?.includes('[fail]')) return 'failed';
	if (prompt?.includes('[reject]')) return 'rejected';
	if (prompt?.includes('[noresult]')) return 'noResult';
	if (prompt?.includes('[never]')) return 'never';
	return 'succeeded';
}

/** HiDream's `task_status` number of an outcome. */
export function statusOf(outcome: TaskOutcome): number {
	if (typeof outcome === 'object') return outcome.status;
	return outcome === 'never' ? TASK_STATUS.processing : TASK_STATUS[outcome];
}

/** Whether a task with this outcome ever ends. */
export function isEnd(outcome: TaskOutcome): boolean {
	return END_STATUSES.includes(statusOf(outcome));
}

/** HiDream's `description` of an outcome, if there is one. */
export function descriptionOf(outcome: TaskOutcome, language: Language): string | undefined {
	if (typeof outcome === 'object') return outcome.description;
	if (outcome === 'succeeded' || outcome === 'never') return undefined;
	return DESCRIPTIONS[outcome][language];
}

const NAMES: readonly unknown[] = ['succeeded', 'failed', 'rejected', 'noResult', 'never'] satisfies TaskOutcome[];

/** Whether a JSON value is an outcome. */
export function isOutcome(value: unknown): value is TaskOutcome {
	if (NAMES.includes(value)) return true;
	return typeof value === 'object' && value !== null && typeof (value as { status?: unknown }).status === 'number';
}
