import { barChart, type Row } from '../report/chart';
import { cell } from '../report/runs';
import type { Plot } from '../section';
import { cpuPerMinute, peakOfWait, requestsPerMinute, type Take } from './cells';
import type { Raw, WayRow } from './raw';
import { executionsWords } from './tables';

const NAMES: ReadonlyArray<[WayRow['waitsFor'], string]> = [
	['polling', 'this node, polling'],
	['callback', 'this node, callback'],
	['each task', 'one question per task'],
];

const executionsOf = ({ ways }: Raw): number[] => [...new Set(ways.map(({ executions }) => executions))];

/** A row for each way to wait, by the number of executions. */
const rowsOf = (raw: Raw, take: Take): Row[] =>
	NAMES.map(([waitsFor, name]) => ({
		name,
		figures: executionsOf(raw).map((executions) => {
			const way = raw.ways.find((candidate) => candidate.waitsFor === waitsFor && candidate.executions === executions);
			return way && cell(raw.runs, way.name, take);
		}),
	}));

/** All plots of the section. */
export function plots(raw: Raw): Plot[] {
	const { tasks } = raw;
	const categories = { name: 'tasks', values: executionsOf(raw).map((executions) => executionsWords(executions, tasks)) };
	const plot = (name: string, alt: string, title: string, measure: string, take: Take): Plot => ({
		name,
		alt,
		height: 360,
		option: barChart({ title, categories, measure, rows: rowsOf(raw, take) }),
	});
	return [
		plot('waiting-questions', 'Status requests per minute of waiting, for each way', `Status requests while ${tasks} tasks are waited for`, 'requests per minute', requestsPerMinute),
		plot('waiting-cpu', 'Processor time of n8n per minute of waiting, for each way', `Processor time of n8n while ${tasks} tasks are waited for`, 's per minute, over an idle n8n', cpuPerMinute),
		plot('waiting-memory', 'Memory of n8n while tasks are waited for, over that of an idle n8n, for each way', `Memory of n8n while ${tasks} tasks are waited for`, 'MiB, over an idle n8n', peakOfWait),
	];
}
