import type { Figure } from '../report/chart';
import type { Table } from '../section';
import { cell, cpuInAll, cpuPerMinute, largestRound, peakOverIdle, questionsInAll, questionsPerMinute, type Take } from './cells';
import type { Raw } from './raw';

type Column = [name: string, take: Take, digits: number];

const COLUMNS: Column[] = [
	['questions per minute of waiting', questionsPerMinute, 1],
	['most questions close together', largestRound, 0],
	['questions in all', questionsInAll, 0],
	['CPU per minute of waiting, s', cpuPerMinute, 2],
	['CPU in all, s', cpuInAll, 1],
	['peak memory over idle, MiB', peakOverIdle, 0],
	['last result after the first end, s', ({ end }) => end.ms / 1_000, 1],
];

/** What failed says so in the first column. */
function textOf(figure: Figure, digits: number, column: number): string {
	if (typeof figure === 'number') return figure.toFixed(digits);
	return column === 0 ? `fails: ${figure.failed}` : '';
}

/** Executions, in words. */
export const executionsWords = (executions: number, tasks: number): string => (executions === 1 ? `one run of ${tasks}` : `${executions} runs of one`);

/** All tables of the section. */
export function tables(raw: Raw): Table[] {
	const { tasks, taskSeconds, pollSeconds, ways } = raw;
	const rows = ways.map(({ name, label, executions }) => [
		label,
		executionsWords(executions, tasks),
		...COLUMNS.map(([, take, digits], column) => textOf(cell(raw, name, take), digits, column)),
	]);
	return [
		{
			caption: `Waiting for ${tasks} tasks of ${taskSeconds} s, asking after ${pollSeconds} s`,
			head: ['way', 'tasks', ...COLUMNS.map(([name]) => name)],
			rows,
		},
	];
}
