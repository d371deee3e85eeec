import type { Figure } from '../report/chart';
import type { Table } from '../section';
import type { Raw, Row } from './results';
import { middle, ofFloor, throughput } from './summary';
import { NAMES } from './ways';

const HEAD = ['way', 'size', 'peak over 1 MiB', 'time', 'MB/s', 'of the floor', 'CPU', 'collections', 'full ones', 'time in them', 'outside the heap'];

const cell = (figure: Figure, text: (value: number) => string): string => (typeof figure === 'number' ? text(figure) : 'fails');

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const mib = (value: number): string => `${value.toFixed(0)} MiB`;
const NONE = '–';

function line(raw: Raw, row: Row): string[] {
	const { memory } = row;
	const part = ofFloor(raw, row);
	const time = middle(row, (figures) => figures.ms);
	return [
		NAMES[row.way],
		mib(row.sizeMiB),
		typeof time === 'number' ? cell(middle(row, ({ peakMiB }) => peakMiB), mib) : `fails: ${time.failed}`,
		cell(time, ms),
		cell(throughput(row), (value) => value.toFixed(0)),
		part === undefined ? NONE : part.toFixed(2),
		cell(middle(row, ({ cpuMs }) => cpuMs), ms),
		...(memory
			? [String(memory.collections), String(memory.majorCollections), ms(memory.collectionMs), mib(memory.externalMiB)]
			: [NONE, NONE, NONE, NONE]),
	];
}

const CAPTIONS: [caption: string, isIn: (row: Row) => boolean][] = [
	['The video in a file', ({ binaryMode, heapMiB }) => binaryMode === 'filesystem' && heapMiB === 0],
	['The video in a file, with a heap as large as that of a real n8n', ({ heapMiB }) => heapMiB > 0],
	['The video in memory, as base64 in the item', ({ binaryMode }) => binaryMode === 'default'],
];

function checkTable({ checks }: Raw): Table {
	const rows = checks.map(({ way, sizeMiB, binaryMode, isSame }) => [
		NAMES[way],
		binaryMode === 'default' ? 'in memory' : 'in a file',
		mib(sizeMiB),
		isSame ? 'the same' : 'OTHERS',
	]);
	return { caption: 'Whether the bytes of the video arrive unchanged, by SHA-256', head: ['way', 'video', 'size', 'bytes'], rows };
}

/** All figures. */
export function tables(raw: Raw): Table[] {
	const figures = CAPTIONS.map(([caption, isIn]): Table => ({
		caption,
		head: HEAD,
		rows: raw.rows.filter(isIn).map((row) => line(raw, row)),
	}));
	return [...figures, checkTable(raw)].filter(({ rows }) => rows.length > 0);
}
