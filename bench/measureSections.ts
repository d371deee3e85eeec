import { Listr } from 'listr2';
import type { Report } from '../harness/progress';
import type { BenchOptions } from './options';
import type { Machine } from './report/machine';
import type { BenchResults } from './report/results';
import { terminalTable } from './report/tables';
import type { Target } from './section';
import type { ListedSection } from './sections';

/** Where figures go. */
export interface Output {
	print: (text: string) => void;
	/** Saves the results of one section immediately, since the next one may fail or be interrupted. */
	keep: (results: BenchResults) => Promise<void>;
}

export interface Measured {
	targets: Target[];
	/** Names of the failed sections. */
	failed: string[];
}

/** Runs `work` with a progress line; without a terminal, prints plain lines. */
export async function withProgressLine<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
	const done: T[] = [];
	await new Listr(
		[{ title, task: async (_context, task) => void done.push(await work((line) => (task.output = line))) }],
		{ registerSignalListeners: false, fallbackRenderer: 'simple' },
	).run();
	return done[0] as T;
}

/** Measures sections one at a time, so that they do not affect each other. A failed section does not stop the others. */
export async function measureSections(
	sections: ListedSection[],
	machine: Machine,
	{ runs, quick }: Pick<BenchOptions, 'runs' | 'quick'>,
	{ print, keep }: Output,
): Promise<Measured> {
	const measured: Measured = { targets: [], failed: [] };
	for (const { name, title, measure, show } of sections) {
		const date = new Date().toISOString();
		try {
			const raw = await withProgressLine(title, async (report) => await measure({ runs, quick, report }));
			await keep({ section: name, date, runs, machine, raw });
			const { tables, targets } = show(raw);
			print(`\n${tables.map(terminalTable).join('\n\n')}\n`);
			measured.targets.push(...targets);
		} catch (error) {
			measured.failed.push(name);
			print(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		}
	}
	return measured;
}
