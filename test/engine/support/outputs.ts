/** What the node outputs: failed items, reports of Check, and the keys of results. */
import type { IDataObject } from 'n8n-workflow';
import type { RunOutcome } from '../../../harness/engine';
import type { FailedStatus } from '../../../nodes/shared/output';
import type { SubmitOptions } from './engine';

/** A failed item has exactly these keys, so that n8n moves it to the error output and keeps them. */
export interface FailureItem {
	error: string;
	message: string;
	details: {
		status: FailedStatus;
		scope: 'account' | 'item';
		code: number | string | null;
		request_id: string | null;
		task_id: string | null;
	};
}

/** Checks that `json` has the keys of a failed item. */
export function asFailure(json: IDataObject | undefined): FailureItem {
	expect(Object.keys(json ?? {}).sort()).toEqual(['details', 'error', 'message']);
	const failed = json as unknown as FailureItem;
	expect(Object.keys(failed.details).sort()).toEqual(['code', 'request_id', 'scope', 'status', 'task_id']);
	expect(failed.error).toMatch(/\S/);
	expect(failed.message).toMatch(/\S/);
	return failed;
}

/** The only item on the error output. */
export function onlyFailure(outcome: RunOutcome): FailureItem {
	expect(outcome.failures()).toHaveLength(1);
	return asFailure(outcome.failures()[0]);
}

/** The whole text of a failed item. */
export const wordsOf = ({ error, message }: FailureItem): string => `${error}\n${message}`;

/** The only item that Check outputs. */
export interface CheckReport {
	status: 'checked';
	items: number;
	tasks: number;
	already_submitted: number;
	invalid: number;
	minutes_to_submit: number;
	minutes_to_finish: number;
	tasks_per_minute: number | null;
	parallel_tasks: number | null;
	problems: Array<{ item: number | null; error: string; message: string }>;
}

const REPORT_KEYS = [
	'already_submitted',
	'invalid',
	'items',
	'minutes_to_finish',
	'minutes_to_submit',
	'parallel_tasks',
	'problems',
	'status',
	'tasks',
	'tasks_per_minute',
];

/** A Check of the same items. */
export const asCheck = ({ parameters = {}, ...more }: SubmitOptions = {}): SubmitOptions => ({
	...more,
	parameters: { ...parameters, operation: 'check' },
});

/** Checks that the output is one report and that its counts add up. */
export function expectReport(json: IDataObject[]): CheckReport {
	expect(json).toHaveLength(1);
	expect(Object.keys(json[0] ?? {}).sort()).toEqual(REPORT_KEYS);
	const report = json[0] as unknown as CheckReport;
	expect(report.status).toBe('checked');
	const { items, tasks, already_submitted, invalid } = report;
	expect(tasks + already_submitted + invalid).toBe(items);
	return report;
}

/** The report of a run without an error. */
export function reportOf(outcome: RunOutcome): CheckReport {
	expect(outcome.error).toBeUndefined();
	expect(outcome.failures()).toEqual([]);
	return expectReport(outcome.json());
}

/** The keys of an item of Submit and Wait. */
export const WAITED_KEYS = [
	'failure_reason',
	'progress',
	'prompt',
	'request_id',
	'status',
	'style',
	'sub_task_ids',
	'sub_task_results',
	'task_id',
	'video_url',
	'video_urls',
];
