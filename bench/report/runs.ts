import type { Figure } from './chart';
import { median } from './statistics';

/** The reason for missing figures. */
export interface Failed {
	failed: string;
}

/** One run of one way. */
export interface Run<Figures extends object> {
	way: string;
	/** Counted from 1. */
	run: number;
	result: Figures | Failed;
}

export const hasFailed = <Figures extends object>(result: Figures | Failed): result is Failed => 'failed' in result;

/** The median of all runs of a way; one failed run makes it a failure. */
export function cell<Figures extends object>(runs: ReadonlyArray<Run<Figures>>, way: string, take: (figures: Figures) => number): Figure {
	const results = runs.filter((run) => run.way === way).map(({ result }) => result);
	const failure = results.find((result) => hasFailed(result));
	if (failure) return { failed: failure.failed };
	return median(results.flatMap((result) => (hasFailed(result) ? [] : [take(result)])));
}

/** The name of a column, its figure, and its number of decimals. */
export type Column<Figures extends object> = [name: string, take: (figures: Figures) => number, digits: number];

/** The cells of a way, one for each column; a failure is in the first one. */
export function cells<Figures extends object>(runs: ReadonlyArray<Run<Figures>>, way: string, columns: ReadonlyArray<Column<Figures>>): string[] {
	return columns.map(([, take, digits], column) => {
		const figure = cell(runs, way, take);
		if (typeof figure === 'number') return figure.toFixed(digits);
		return column === 0 ? `fails: ${figure.failed}` : '';
	});
}
