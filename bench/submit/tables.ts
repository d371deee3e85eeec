import type { Figure } from '../report/chart';
import type { Table } from '../section';
import { cell, failureOfCell, reading, throughput, type Take } from './cells';
import type { Raw } from './raw';

export const sizeName = (sizeMiB: number): string => (sizeMiB >= 1024 ? `${sizeMiB / 1024} GiB` : `${sizeMiB} MiB`);

type Format = (figure: number) => string;

const whole: Format = (figure) => figure.toFixed(0);
const seconds: Format = (ms) => (ms / 1000).toFixed(ms < 1000 ? 3 : ms < 10_000 ? 2 : 0);
const hundredths: Format = (figure) => figure.toFixed(2);

/** The reasons have their own table. */
const textOf = (figure: Figure, format: Format): string => (typeof figure === 'number' ? format(figure) : 'fails');

const head = (first: string, { sizesMiB }: Raw): string[] => [first, ...sizesMiB.map(sizeName)];

/** A row for each way. */
const rowsOf = (raw: Raw, take: Take, format: Format): string[][] =>
	raw.ways.map(({ name, label }) => [label, ...raw.sizesMiB.map((size) => textOf(cell(raw, name, size, take), format))]);

/** The time in which n8n itself stored the file before. */
const readingRow = (raw: Raw, take: Parameters<typeof reading>[2], format: Format): string[] => [
	'(n8n itself, reading the file before)',
	...raw.sizesMiB.map((size) => format(reading(raw, size, take))),
];

function failures(raw: Raw): Table[] {
	const rows = raw.ways.flatMap(({ name, label }) =>
		raw.sizesMiB.flatMap((size) => {
			const failure = failureOfCell(raw, name, size);
			if (!failure) return [];
			const { failed, ms, overSmallMiB } = failure;
			const known = (figure: number | undefined, format: Format): string => (figure === undefined ? '' : format(figure));
			return [[label, sizeName(size), failed, known(ms, seconds), known(overSmallMiB, whole)]];
		}),
	);
	const columns = ['way', 'size', 'why', 'after, s', 'peak over 1 MiB, MiB'];
	return rows.length === 0 ? [] : [{ caption: 'Failures, and their figures until then', head: columns, rows }];
}

/** All tables of the section. */
export function tables(raw: Raw): Table[] {
	const time: Take = ({ ms }) => ms;
	return [
		{
			caption: 'Peak memory of a submit over that of a submit of 1 MiB, MiB',
			head: head('way', raw),
			rows: [...rowsOf(raw, ({ overSmallMiB }) => overSmallMiB, whole), readingRow(raw, ({ overSmallMiB }) => overSmallMiB, whole)],
		},
		{
			caption: 'Time of the submit, s',
			head: head('way', raw),
			rows: [...rowsOf(raw, time, seconds), readingRow(raw, ({ ms }) => ms, seconds)],
		},
		{ caption: 'Time of the whole execution, s', head: head('way', raw), rows: rowsOf(raw, ({ executionMs }) => executionMs, seconds) },
		{ caption: 'Throughput of the submit, MB of video per second', head: head('way', raw), rows: rowsOf(raw, throughput, whole) },
		{
			caption: 'Processor time of the submit, s',
			head: head('way', raw),
			rows: [...rowsOf(raw, ({ cpuSeconds }) => cpuSeconds, hundredths), readingRow(raw, ({ cpuSeconds }) => cpuSeconds, hundredths)],
		},
		...failures(raw),
	];
}
