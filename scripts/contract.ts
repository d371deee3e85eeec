import { program } from 'commander';
import { projectFolder } from '../harness/packageTarball';
import { checkContract, checkRelease } from './contract/check';
import { readContract } from './contract/read';
import { readReleased, writeReleased } from './contract/released';

program
	.name('npm run contract --')
	.description('Reports whether a change breaks workflows that users saved with the last release, and what to do about it.')
	.option('--release', 'record the current contract as released; fails if it breaks the old one without a new major version');

async function main(options: { release?: true }): Promise<number> {
	const released = await readReleased(projectFolder);
	const present = await readContract(projectFolder);
	if (options.release) {
		const { ok, words } = checkRelease(released, present);
		console.log(words);
		if (ok) await writeReleased(projectFolder, present);
		return ok ? 0 : 1;
	}
	if (!released) throw new Error('There is no contract/released.json yet: npm run contract -- --release writes the first.');
	const { ok, words } = checkContract(released, present);
	console.log(words);
	return ok ? 0 : 1;
}

main(program.parse().opts<{ release?: true }>())
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		return 1;
	})
	.then((code) => process.exit(code));
