import { barChart, lineChart, type Figure } from '../report/chart';
import type { Plot } from '../section';
import { cell, throughput, type Take } from './cells';
import type { Raw } from './raw';
import { sizeName } from './tables';

/** The sizes at which the time to start and end no longer matters. */
const LARGE_MIB = 300;

/** Smaller figures are noise, and a logarithmic scale has no zero. */
const SMALLEST_MIB = 1;

const rowsOf = (raw: Raw, sizesMiB: number[], take: Take) =>
	raw.ways.map(({ name, label }) => ({
		name: label,
		figures: sizesMiB.map((size): Figure => cell(raw, name, size, take)),
		// The floors have their own colors.
		isLimit: name === 'undici',
	}));

/** All plots of the section. */
export function plots(raw: Raw): Plot[] {
	const larger = raw.sizesMiB.filter((size) => size > 1);
	const large = raw.sizesMiB.filter((size) => size >= LARGE_MIB);
	const throughputAt = large.length > 0 ? large : raw.sizesMiB.slice(-1);
	return [
		{
			name: 'submit-memory',
			alt: 'Peak memory of one submit by size of the video, for each way',
			height: 440,
			option: lineChart({
				title: 'Peak memory of one submit, over that of a submit of 1 MiB',
				categories: { name: 'size of the video', values: larger.map(sizeName) },
				measure: 'MiB',
				logarithmic: true,
				rows: rowsOf(raw, larger, ({ overSmallMiB }) => Math.max(SMALLEST_MIB, overSmallMiB)),
			}),
		},
		{
			name: 'submit-throughput',
			alt: 'Throughput of one submit of a large video, for each way',
			height: 400,
			option: barChart({
				title: 'Throughput of one submit',
				categories: { name: 'size of the video', values: throughputAt.map(sizeName) },
				measure: 'MB of video per second',
				rows: rowsOf(raw, throughputAt, throughput),
			}),
		},
	];
}
