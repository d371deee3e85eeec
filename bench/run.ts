import { Listr } from 'listr2';
import { forgetSecrets } from '../harness/environment';
import type { Report } from '../harness/progress';
import { benchOptions } from './options';
import type { BenchOptions } from './options';
import { keepResults, redraw } from './report/folder';
import { lookAtMachine } from './report/machine';
import type { Machine } from './report/machine';
import { targetTable, terminalTable } from './report/tables';
import type { Target } from './section';
import { sections } from './sections';
import type { ListedSection } from './sections';

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Does one thing under a line that shows what it does now; in plain lines where there is no terminal. */
async function shown<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
	const done: T[] = [];
	await new Listr(
		[{ title, task: async (_context, task) => void done.push(await work((line) => (task.output = line))) }],
		{ registerSignalListeners: false, fallbackRenderer: 'simple' },
	).run();
	return done[0] as T;
}

/** Measures a section, keeps its results and prints its tables; gives what became of its targets. */
async function runSection(section: ListedSection, machine: Machine, { runs, quick, write }: BenchOptions): Promise<Target[]> {
	const date = new Date().toISOString();
	const raw = await shown(section.title, async (report) => await section.measure({ runs, quick, report }));
	if (write) await keepResults({ section: section.name, date, runs, machine, raw });
	const { tables, targets } = section.show(raw);
	console.log(`\n${tables.map(terminalTable).join('\n\n')}\n`);
	return targets;
}

async function measure(options: BenchOptions): Promise<number> {
	const chosen = sections.filter(({ name }) => options.only?.includes(name) ?? true);
	const machine = await shown('Look at the machine', lookAtMachine);
	const targets: Target[] = [];
	const failed: string[] = [];
	// One after the other: two at once would measure each other.
	for (const section of chosen) {
		try {
			targets.push(...(await runSection(section, machine, options)));
		} catch (error) {
			failed.push(section.name);
			console.error(error);
		}
	}
	if (options.write && failed.length < chosen.length) await redraw(sections);
	if (targets.length > 0) console.log(terminalTable(targetTable(targets)));
	if (options.quick) console.log('This was quick: it works, and the figures say nothing. Nothing was written.');
	if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
	return failed.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
	const options = benchOptions(sections.map(({ name }) => name), process.argv);
	if (!options.redraw) return await measure(options);
	console.log(`Made the page of ${await redraw(sections)} sections.`);
	return 0;
}

forgetSecrets();
main()
	.catch((error: unknown) => {
		console.error(told(error));
		return 1;
	})
	.then((code) => process.exit(code));
