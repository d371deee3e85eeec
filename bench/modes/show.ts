import { barChart, type Figure } from '../report/chart';
import { median } from '../report/statistics';
import type { Plot, Table } from '../section';
import { hasFailed, type Figures, type Raw, type Taken } from './raw';

/** The median over all runs of a mode; undefined if it has no such figure. */
function figureOf({ runs }: Raw, mode: string, take: (figures: Figures) => number | undefined): Figure | undefined {
	const results = runs.filter((run) => run.mode === mode).map(({ result }) => result);
	const failure = results.find(hasFailed);
	if (failure) return failure;
	const figures = results.flatMap((result) => (hasFailed(result) ? [] : (take(result) ?? [])));
	return figures.length === 0 ? undefined : median(figures);
}

const textOf = (figure: Figure | undefined, digits: number): string => {
	if (figure === undefined) return '';
	return typeof figure === 'number' ? figure.toFixed(digits) : figure.failed;
};

const SECONDS = ['time, s', 'processor time, s'];

const secondsOf = (raw: Raw, mode: string, take: (figures: Figures) => Taken | undefined): string[] => [
	textOf(figureOf(raw, mode, (figures) => (take(figures)?.ms ?? NaN) / 1000), 2),
	textOf(figureOf(raw, mode, (figures) => take(figures)?.cpuSeconds), 2),
];

function submits(raw: Raw): Table {
	const rows = raw.modes.map(({ name, label }) => {
		const mib = (take: (figures: Figures) => number): string => textOf(figureOf(raw, name, take), 0);
		const failure = figureOf(raw, name, ({ idleMiB }) => idleMiB);
		if (typeof failure === 'object') return [label, failure.failed, '', '', '', '', '', ''];
		return [
			label,
			mib(({ idleMiB }) => idleMiB),
			mib(({ store }) => store.overSmallMiB),
			mib(({ submit }) => submit.overIdleMiB),
			mib(({ submit }) => submit.overSmallMiB),
			mib(({ submit }) => submit.addedMiB),
			...secondsOf(raw, name, ({ submit }) => submit),
		];
	});
	const memory = ['idle', 'storing: peak\nover 1 MiB', 'submit: peak\nover idle', 'submit: peak\nover 1 MiB', 'submit:\nadded'];
	return {
		caption: `A submit of ${raw.sizeMiB} MiB by binary mode of n8n: memory of the executing process (in queue mode the worker), in MiB`,
		head: ['binaries', ...memory, ...SECONDS],
		rows,
	};
}

function links(raw: Raw): Table[] {
	const served = raw.modes.filter(({ name }) => typeof figureOf(raw, name, ({ serve }) => serve?.ms) === 'number');
	if (served.length === 0) return [];
	const rows = served.map(({ name, label }) => [
		label,
		textOf(figureOf(raw, name, ({ serve }) => serve?.overSmallMiB), 0),
		...secondsOf(raw, name, ({ serve }) => serve),
	]);
	const caption = `The later cost of a link: n8n's main process serves the ${raw.sizeMiB} MiB once`;
	return [{ caption, head: ['binaries', 'peak over 1 MiB, MiB', ...SECONDS], rows }];
}

/** The tables of the section. */
export const tables = (raw: Raw): Table[] => [submits(raw), ...links(raw)];

/** The plot of the section. */
export function plots(raw: Raw): Plot[] {
	const row = (name: string, take: (figures: Figures) => number) => ({
		name,
		figures: raw.modes.map((mode): Figure => {
			const figure = figureOf(raw, mode.name, take) ?? { failed: 'not measured' };
			return typeof figure === 'number' ? Math.max(0, Math.round(figure)) : figure;
		}),
	});
	const option = barChart({
		title: `${raw.sizeMiB} MiB by binary mode of n8n: peak memory over that with 1 MiB`,
		categories: { name: '', values: raw.modes.map(({ label }) => label.replace(/([:,]) /g, '$1\n').replace(' (', '\n(')) },
		measure: 'MiB',
		rows: [
			row('n8n stores the file', ({ store }) => store.overSmallMiB),
			row('this node submits it, with the memory that storing left', ({ submit }) => submit.overSmallMiB),
			row('added by the submit', ({ submit }) => submit.addedMiB),
		],
	});
	return [{ name: 'modes-memory', alt: 'Peak memory of storing and of submitting a video, for each binary mode', height: 420, option }];
}
