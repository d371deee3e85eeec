import { Listr } from 'listr2';
import type { Report } from '../harness/progress';
import type { BenchOptions } from './options';
import type { Machine } from './report/machine';
import type { Results } from './report/results';
import { terminalTable } from './report/tables';
import type { Target } from './section';
import type { ListedSection } from './sections';

/** Where figures go. */
export interface Outlet {
	print: (text: string) => void;
	/** Keeps what one section measured; it is called as soon as that is there, as the next one may fail or be broken off. */
	keep: (results: Results) => Promise<void>;
}

export interface Measured {
	targets: Target[];
	/** Names of the sections that broke. */
	failed: string[];
}

/** Does one thing under a line that shows what it does now; in plain lines where there is no terminal. */
export async function underLine<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
	const done: T[] = [];
	await new Listr(
		[{ title, task: async (_context, task) => void done.push(await work((line) => (task.output = line))) }],
		{ registerSignalListeners: false, fallbackRenderer: 'simple' },
	).run();
	return done[0] as T;
}

/** Measures sections one after the other, as two at once would measure each other. One that breaks does not stop the rest. */
export async function measureSections(
	sections: ListedSection[],
	machine: Machine,
	{ runs, quick }: Pick<BenchOptions, 'runs' | 'quick'>,
	{ print, keep }: Outlet,
): Promise<Measured> {
	const measured: Measured = { targets: [], failed: [] };
	for (const { name, title, measure, show } of sections) {
		const date = new Date().toISOString();
		try {
			const raw = await underLine(title, async (report) => await measure({ runs, quick, report }));
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
