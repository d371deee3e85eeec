import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import Table from 'cli-table3';
import { Argument, program } from 'commander';

import { toolEnvironment } from '../../harness/environment';
import { projectFolder } from '../../harness/packageTarball';
import { guardPath } from '../../harness/guard';
import { start } from '../../harness/processes';

/** Folders of nodes/, and the groups of `engineGroups.js`. */
const FOLDERS = ['async', 'limiter', 'submission', 'polling', 'hidream', 'video', 'shared', 'StylizeVideo', 'submit', 'waiting'];

interface Mutant {
	status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'Ignored' | 'CompileError' | 'RuntimeError' | 'Pending';
	mutatorName: string;
	replacement?: string;
	location: { start: { line: number } };
}

/** A mutant and its file. */
interface Placed extends Mutant {
	file: string;
}

const count = (mutants: Placed[], ...statuses: Array<Mutant['status']>): number => mutants.filter(({ status }) => statuses.includes(status)).length;

/** Changes a folder of nodes/, or the files of a group, in many places, one at a time, and runs its tests for each. */
async function mutate(folder: string): Promise<Placed[]> {
	const stryker = join(projectFolder, 'scripts/mutation/node_modules/@stryker-mutator/core/bin/stryker.js');
	const child = start(process.execPath, [stryker, 'run', 'scripts/mutation/stryker.config.mjs'], {
		cwd: projectFolder,
		env: { ...toolEnvironment(), MUTATED_FOLDER: folder },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) throw new Error(`Stryker failed for nodes/${folder}; its message is above.`);
	const report = JSON.parse(await readFile(join(projectFolder, `reports/mutation/${folder}.json`), 'utf8')) as {
		files: Record<string, { mutants: Mutant[] }>;
	};
	return Object.entries(report.files).flatMap(([file, { mutants }]) => mutants.map((mutant) => ({ ...mutant, file })));
}

function row(name: string, mutants: Placed[]): string[] {
	const detected = count(mutants, 'Killed', 'Timeout');
	const undetected = count(mutants, 'Survived', 'NoCoverage');
	const score = `${((100 * detected) / (detected + undetected)).toFixed(1)} %`;
	return [name, score, ...[detected, count(mutants, 'Survived'), count(mutants, 'NoCoverage')].map(String)];
}

async function main(chosen: string[]): Promise<void> {
	const all: Placed[] = [];
	const table = new Table({ head: ['folder', 'score', 'detected', 'survived', 'no coverage'], style: { head: [], border: [] } });
	guardPath(join(projectFolder, '.cache/mutation'));
	for (const folder of chosen.length > 0 ? chosen : FOLDERS) {
		try {
			const mutants = await mutate(folder);
			all.push(...mutants);
			table.push(row(folder, mutants));
		} catch (error) {
			table.push([folder, 'failed', '', '', '']);
			console.error(error instanceof Error ? error.message : String(error));
			process.exitCode = 1;
		}
	}
	for (const { status, file, location, mutatorName, replacement } of all) {
		if (status !== 'Survived' && status !== 'NoCoverage') continue;
		console.log(`${status} ${file}:${location.start.line} ${mutatorName}: ${(replacement ?? '').replace(/\s+/g, ' ').slice(0, 100)}`);
	}
	table.push(row('all', all));
	console.log(`${table.toString()}\nThe mutants with their code: reports/mutation/*.html`);
}

program
	.name('npm run test:mutation --')
	.description('Changes the code in many places, one at a time, and lists the changes that no test detects.')
	.addArgument(new Argument('[folders...]', 'folders of nodes/, or a group of files that the engine suite tests; all by default').choices(FOLDERS))
	.action(main);

void program.parseAsync();
