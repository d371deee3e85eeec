import { cells, type Column } from '../report/runs';
import type { Table } from '../section';
import { cpuInAll, cpuPerMinute, largestRound, peakOfWait, peakOverIdle, requestsInAll, requestsPerMinute } from './cells';
import type { Figures, Raw } from './raw';

const COLUMNS: ReadonlyArray<Column<Figures>> = [
	['status requests per minute of waiting', requestsPerMinute, 1],
	['most status requests close together', largestRound, 0],
	['status requests in all', requestsInAll, 0],
	['CPU per minute of waiting, s', cpuPerMinute, 2],
	['CPU in all, s', cpuInAll, 1],
	['memory while waiting, over idle, MiB', peakOfWait, 0],
	['peak memory in all, over idle, MiB', peakOverIdle, 0],
	['last result after the first end, s', ({ end }) => end.ms / 1_000, 1],
];

/** Executions, in words. */
export const executionsWords = (executions: number, tasks: number): string => (executions === 1 ? `one run of ${tasks}` : `${executions} runs of one`);

/** All tables of the section. */
export function tables(raw: Raw): Table[] {
	const { tasks, waitSeconds, pollSeconds, ways } = raw;
	const rows = ways.map(({ name, label, executions }) => [
		label,
		executionsWords(executions, tasks),
		...cells(raw.runs, name, COLUMNS),
	]);
	return [
		{
			caption: `${tasks} tasks, waited for during ${waitSeconds} s; the interval of the status requests is ${pollSeconds} s`,
			head: ['way', 'tasks', ...COLUMNS.map(([name]) => name)],
			rows,
		},
	];
}
