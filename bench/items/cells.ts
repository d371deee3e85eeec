import type { Figure } from '../report/chart';
import { median } from '../report/statistics';
import { hasFailed, type Figures, type Raw } from './raw';

/** A figure of one way. */
export type Take = (figures: Figures) => number;

/** The median of all runs of a way; one run that failed makes it a failure. */
export function cell({ runs }: Raw, way: string, take: Take): Figure {
	const results = runs.filter((run) => run.way === way).map(({ result }) => result);
	const failure = results.find(hasFailed);
	if (failure) return { failed: failure.failed };
	return median(results.flatMap((result) => (hasFailed(result) ? [] : [take(result)])));
}

/** What n8n itself takes for a node that does nothing with the items, in milliseconds. */
function emptyCpuMs(raw: Raw): number {
	const [base] = raw.ways.filter(({ role }) => role === 'base');
	const figure = base ? cell(raw, base.name, ({ cpuMs }) => cpuMs) : { failed: 'not measured' };
	if (typeof figure !== 'number') throw new Error(`There is no empty run to take off: ${figure.failed}`);
	return figure;
}

/** Processor time per item over that of the empty run, in milliseconds. */
export function cpuPerItem(raw: Raw): Take {
	const empty = emptyCpuMs(raw);
	return ({ cpuMs }) => (cpuMs - empty) / raw.items;
}
