import Table from 'cli-table3';

import type { Submission } from './submission';

/** The submissions as a table, one column each, so that the IDs stay whole and can be copied. */
export function submissionTable(submissions: Submission[]): string {
	const table = new Table({ style: { head: [], border: [] } });
	const row = (name: string, value: (submission: Submission) => string): void => {
		table.push({ [name]: submissions.map(value) });
	};
	row('input', ({ input }) => input);
	row('style', ({ style }) => style);
	row('task_id', ({ taskId }) => taskId);
	row('sub_task_ids', ({ subTaskIds }) => subTaskIds);
	row('request_id', ({ requestId }) => requestId);
	row('status', ({ status }) => status);
	return table.toString();
}
