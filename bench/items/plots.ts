import { barChart, type Figure, type Row } from '../report/chart';
import { cell } from '../report/runs';
import type { Plot } from '../section';
import { cpuPerItem, type Take } from './cells';
import type { Raw } from './raw';

/** A row for each label, by the numbers in flight that were measured. */
function rowsOf(raw: Raw, columns: number[], take: Take): Row[] {
	const ways = raw.ways.filter(({ role }) => role !== 'base');
	const labels = [...new Set(ways.map(({ label }) => label))];
	return labels.map((label) => {
		const same = ways.filter((way) => way.label === label);
		const figures = columns.map((inFlight): Figure | undefined => {
			const way = same.find((candidate) => candidate.inFlight === inFlight);
			return way && cell(raw.runs, way.name, take);
		});
		return { name: label, figures, isLimit: same.some(({ role }) => role === 'limit') };
	});
}

/** All plots of the section. */
export function plots(raw: Raw): Plot[] {
	const counted = raw.ways.filter(({ role }) => role !== 'base');
	const columns = [...new Set(counted.map(({ inFlight }) => inFlight))];
	const names = columns.map(String);
	return [
		{
			name: 'items-cpu',
			alt: 'Processor time of n8n per item by number of submits in flight, for each way',
			height: 400,
			option: barChart({
				title: `Processor time of n8n per item, of ${raw.items.toLocaleString('en')} items by URL`,
				categories: { name: 'submits in flight', values: names },
				measure: 'ms',
				rows: rowsOf(raw, columns, cpuPerItem(raw)),
			}),
		},
		{
			name: 'items-time',
			alt: 'Time of the submitting node by number of submits in flight, for each way',
			height: 400,
			option: barChart({
				title: `Time for ${raw.items.toLocaleString('en')} items by URL, with responses after ${raw.latencyMs} ms`,
				categories: { name: 'submits in flight', values: names },
				measure: 's',
				logarithmic: true,
				rows: rowsOf(raw, columns, ({ nodeMs }) => nodeMs / 1_000),
			}),
		},
	];
}
