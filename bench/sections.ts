import type { Plot, Section, Table, Target } from './section';
import { section as core } from './core';
import { section as items } from './items';
import { section as modes } from './modes';
import { section as startup } from './startup';
import { section as submit } from './submit';
import { section as waiting } from './waiting';

/** A section whose results may come from a file, so their shape is unknown. */
export interface ListedSection {
	name: string;
	title: string;
	about: string;
	measure: (effort: Parameters<Section<unknown>['measure']>[0]) => Promise<unknown>;
	/** Throws, with what to do, if the results are from another version of the section. */
	show: (raw: unknown) => Shown;
}

/** The tables, plots and targets of a section. */
export interface Shown {
	tables: Table[];
	plots: Plot[];
	targets: Target[];
}

/** Hides the type of a section's results, so that all sections fit into one list. */
export function listed<Raw>({ name, title, about, measure, tables, plots, targets }: Section<Raw>): ListedSection {
	const show = (results: unknown): Shown => {
		const raw = results as Raw;
		try {
			return { tables: tables(raw), plots: plots(raw), targets: targets(raw) };
		} catch (cause) {
			const why = cause instanceof Error ? cause.message : String(cause);
			throw new Error(`The results of "${name}" cannot be shown (${why}). Measure it again: npm run bench -- --only ${name}`, { cause });
		}
	};
	return { name, title, about, measure, show };
}

/** All sections, in the order of the measurement and of the page. */
export const sections: ListedSection[] = [listed(submit), listed(core), listed(modes), listed(items), listed(waiting), listed(startup)];
