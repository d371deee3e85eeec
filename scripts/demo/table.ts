import Table from 'cli-table3';

import type { DemoSubmission } from './submission';

/** The submissions as a table that fits 80 columns; below it, why a video was not accepted. */
export function submissionTable(submissions: DemoSubmission[]): string {
	const table = new Table({ head: ['Input', 'Style', 'Task ID', 'Status'], style: { head: [], border: [] } });
	for (const { input, style, taskId, status } of submissions) table.push([input, style, taskId, status]);
	const problems = submissions.flatMap(({ input, problem }) => (problem === undefined ? [] : [`${input}: ${problem}`]));
	return [table.toString(), ...problems].join('\n');
}
