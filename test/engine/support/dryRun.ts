import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Outcome } from '../../../harness/engine';
import type { SubmitOptions } from './hidream';

/** The one item that a dry run gives out. */
export interface Report {
	status: 'dry_run';
	items: number;
	tasks: number;
	already_submitted: number;
	invalid: number;
	uncertain: number;
	minutes_to_submit: number;
	minutes_to_finish: number;
	tasks_per_minute: number | null;
	parallel_tasks: number | null;
	problems: Array<{ item: number | null; error: string; message: string }>;
}

const KEYS = [
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
	'uncertain',
];

/** The same run as a dry one. */
export const dry = ({ parameters = {}, ...more }: SubmitOptions = {}): SubmitOptions => ({
	...more,
	parameters: { ...parameters, options: { dryRun: true, ...(parameters['options'] as INodeParameters) } },
});

/** Checks that a run gave out one report, that nothing failed and that the items add up. */
export function asReport(json: IDataObject[]): Report {
	expect(json).toHaveLength(1);
	expect(Object.keys(json[0] ?? {}).sort()).toEqual(KEYS);
	const report = json[0] as unknown as Report;
	expect(report.status).toBe('dry_run');
	const { items, tasks, already_submitted, invalid, uncertain } = report;
	expect(tasks + already_submitted + invalid + uncertain).toBe(items);
	return report;
}

/** The report of a run that ended well. */
export function reportOf(outcome: Outcome): Report {
	expect(outcome.error).toBeUndefined();
	expect(outcome.failures()).toEqual([]);
	return asReport(outcome.json());
}
