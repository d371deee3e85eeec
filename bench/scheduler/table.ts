import Table from 'cli-table3';
import type { Measured } from './measure';

const ratio = (value: number): string => value.toFixed(3);

type Column = [name: string, text: (row: Measured) => string];

const COLUMNS: Column[] = [
	['tasks', ({ tasks }) => tasks.toLocaleString('en')],
	['parallel', ({ parallelTasks }) => String(parallelTasks)],
	['workers', ({ workers }) => String(workers)],
	['over best', ({ overBest }) => ratio(overBest)],
	['over bound', ({ overBound }) => ratio(overBound)],
	['best over bound', ({ bestOverBound }) => ratio(bestOverBound)],
	['over bare rate', ({ overBareBound }) => ratio(overBareBound)],
	['refusals per accepted', ({ refusalsPerAccepted }) => refusalsPerAccepted.toFixed(2)],
	['gave up', ({ gaveUp }) => String(gaveUp)],
	['largest wait / median', ({ waitOverMedian }) => waitOverMedian.toFixed(1)],
];

/** Simulated batches as a table. */
export function tableOf(rows: Measured[]): string {
	const table = new Table({ head: COLUMNS.map(([name]) => name), style: { head: [], border: [] }, colAligns: COLUMNS.map(() => 'right' as const) });
	for (const row of rows) table.push(COLUMNS.map(([, text]) => text(row)));
	return table.toString();
}
