import { cells, type Column } from '../report/runs';
import type { Table } from '../section';
import { cpuPerItem } from './cells';
import type { Figures, Raw } from './raw';

/** All tables of the section. */
export function tables(raw: Raw): Table[] {
	const columns: Array<Column<Figures>> = [
		['CPU per item, ms', cpuPerItem(raw), 2],
		['node, s', ({ nodeMs }) => nodeMs / 1_000, 2],
		['execution, s', ({ executionMs }) => executionMs / 1_000, 2],
		['peak memory over before, MiB', ({ peakMiB, startMiB }) => peakMiB - startMiB, 0],
		['seen in flight', ({ mostInFlight }) => mostInFlight, 0],
		['other requests', ({ otherRequests }) => otherRequests, 0],
	];
	const rows = raw.ways.map((way) => [
		way.label,
		way.role === 'base' ? '' : String(way.inFlight),
		...cells(raw.runs, way.name, columns),
	]);
	return [
		{
			caption: `${raw.items.toLocaleString('en')} items by URL, responses after ${raw.latencyMs} ms`,
			head: ['way', 'in flight', ...columns.map(([name]) => name)],
			rows,
		},
	];
}
