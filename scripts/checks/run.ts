import { program } from 'commander';

import { forgetSecrets } from '../../harness/environment';
import type { ReleaseCheck, CheckOutcome } from './check';
import { checks } from './list';
import { openContext, type CheckOptions } from './context';

const names = checks.map(({ name }) => name);

program
	.name('npm run checks --')
	.description(`Checks what a release requires.\n\n${checks.map(({ name, title }) => `  ${name.padEnd(11)} ${title}`).join('\n')}`)
	.argument('[names...]', 'run only these checks')
	.option('--tag <tag>', 'the tag of the publication: the version must be the same')
	.option('--license-file <file>', 'path for a list of the licenses of all packages that developers install');

function chosen(only: string[]): ReleaseCheck[] {
	const unknown = only.find((name) => !names.includes(name));
	if (unknown !== undefined) program.error(`Unknown check "${unknown}". Checks: ${names.join(', ')}.`);
	return only.length === 0 ? checks : checks.filter(({ name }) => only.includes(name));
}

/** Runs a check; one that throws has not passed. */
async function outcomeOf(work: () => Promise<CheckOutcome>): Promise<CheckOutcome> {
	try {
		return await work();
	} catch (error) {
		return { summary: 'failed to run', problems: [error instanceof Error ? error.message : String(error)] };
	}
}

async function main(selected: ReleaseCheck[], wishes: CheckOptions): Promise<number> {
	const { given, close } = await openContext(wishes);
	const unclean: string[] = [];
	try {
		for (const { name, title, run } of selected) {
			const started = Date.now();
			const { summary, problems } = await outcomeOf(async () => await run(given));
			const seconds = ((Date.now() - started) / 1000).toFixed(1);
			if (problems.length === 0) {
				console.log(`✔ ${name}: clean (${summary}), ${seconds} s`);
			} else {
				console.log(`✖ ${name}: NOT CLEAN, ${problems.length} found, ${seconds} s`);
				unclean.push(`\n${name}: ${title}\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
			}
		}
	} finally {
		await close();
	}
	for (const text of unclean) console.error(text);
	console.log(`\n${selected.length - unclean.length} of ${selected.length} checks clean`);
	return unclean.length === 0 ? 0 : 1;
}

forgetSecrets();
program.parse();
main(chosen(program.args), program.opts<CheckOptions>())
	.catch((error: unknown) => {
		console.error(error);
		return 1;
	})
	.then((code) => process.exit(code));
