import type { Figure } from '../report/chart';
import type { Table } from '../section';
import { cell, cpuPerItem, type Take } from './cells';
import type { Raw, WayRow } from './raw';

type Column = [name: string, take: Take, digits: number];

/** What failed says so in the first column. */
function textOf(figure: Figure, digits: number, column: number): string {
	if (typeof figure === 'number') return figure.toFixed(digits);
	return column === 0 ? `fails: ${figure.failed}` : '';
}

/** How many a way has in flight, in words. */
export const inFlightWords = ({ inFlight }: Pick<WayRow, 'inFlight'>, items: number): string => (inFlight === items ? 'all' : String(inFlight));

/** All tables of the section. */
export function tables(raw: Raw): Table[] {
	const columns: Column[] = [
		['CPU per item, ms', cpuPerItem(raw), 2],
		['node, s', ({ nodeMs }) => nodeMs / 1_000, 2],
		['execution, s', ({ executionMs }) => executionMs / 1_000, 2],
		['peak memory, MiB', ({ peakMiB }) => peakMiB, 0],
		['memory before, MiB', ({ startMiB }) => startMiB, 0],
		['seen in flight', ({ mostInFlight }) => mostInFlight, 0],
		['other requests', ({ otherRequests }) => otherRequests, 0],
	];
	const rows = raw.ways.map((way) => [
		way.label,
		way.role === 'base' ? '' : inFlightWords(way, raw.items),
		...columns.map(([, take, digits], column) => textOf(cell(raw, way.name, take), digits, column)),
	]);
	return [
		{
			caption: `${raw.items.toLocaleString('en')} items by URL, the service answers after ${raw.latencyMs} ms`,
			head: ['way', 'in flight', ...columns.map(([name]) => name)],
			rows,
		},
	];
}
