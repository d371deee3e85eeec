import { forgetSecrets } from '../harness/environment';
import { measureSections, withProgressLine } from './measureSections';
import { benchOptions } from './options';
import type { BenchOptions } from './options';
import { keepResults, redraw } from './report/folder';
import { readMachine } from './report/machine';
import { targetTable, terminalTable } from './report/tables';
import { sections } from './sections';

async function measure(options: BenchOptions): Promise<number> {
	const chosen = sections.filter(({ name }) => options.only?.includes(name) ?? true);
	const machine = await withProgressLine('Check the machine', readMachine);
	const keep = options.write ? keepResults : async () => undefined;
	const { targets, failed } = await measureSections(chosen, machine, options, { print: console.log, keep });
	if (options.write && failed.length < chosen.length) await redraw(sections);
	if (targets.length > 0) console.log(terminalTable(targetTable(targets)));
	if (options.quick) console.log('The quick run works. Its figures mean nothing, and nothing was written.');
	if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
	return failed.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
	const options = benchOptions(sections.map(({ name }) => name), process.argv);
	if (!options.redraw) return await measure(options);
	console.log(`Created the page of ${await redraw(sections)} sections.`);
	return 0;
}

forgetSecrets();
main()
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		return 1;
	})
	.then((code) => process.exit(code));
