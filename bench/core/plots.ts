import { lineChart, type Figure } from '../report/chart';
import type { Plot } from '../section';
import type { Raw, Row } from './results';
import { middle, rowOf, throughput } from './summary';
import { NAMES, type Way } from './ways';

const WAYS: Way[] = ['node', 'buffer', 'bare', 'floor'];
/** The scale is logarithmic, and smaller figures are noise. */
const MIN_MIB = 1;

const sizesOf = ({ rows }: Raw): number[] =>
	[...new Set(rows.filter(({ heapMiB, binaryMode }) => heapMiB === 0 && binaryMode === 'filesystem').map(({ sizeMiB }) => sizeMiB))].sort((a, b) => a - b);

function plot(raw: Raw, name: string, title: string, measure: string, logarithmic: boolean, figureOf: (row: Row) => Figure): Plot {
	const sizes = sizesOf(raw);
	const ways = WAYS.filter((way) => sizes.every((size) => rowOf(raw, way, size)));
	const rows = ways.map((way) => ({
		name: NAMES[way],
		isLimit: way === 'floor',
		figures: sizes.flatMap((size) => rowOf(raw, way, size) ?? []).map(figureOf),
	}));
	const categories = { name: 'size of the video (MiB)', values: sizes.map(String) };
	return { name, alt: `${title}, for ${rows.map((row) => row.name).join(', ')}`, height: 380, option: lineChart({ title, categories, measure, logarithmic, rows }) };
}

/** Memory and speed by the size of the video. */
export function plots(raw: Raw): Plot[] {
	const peak = (row: Row) => middle(row, ({ peakMiB }) => Math.max(MIN_MIB, peakMiB));
	return [
		plot(raw, 'core-memory', 'Submit in n8n-core alone: peak memory over that of 1 MiB', 'MiB', true, peak),
		plot(raw, 'core-speed', 'Submit in n8n-core alone: throughput', 'MB of video per second', false, throughput),
	];
}
