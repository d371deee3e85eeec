import { once } from 'node:events';
import { join } from 'node:path';

import { toolEnvironment } from '../../harness/environment';
import { npmProgram } from '../../harness/npm';
import { projectFolder } from '../../harness/packageTarball';
import { CommandError, run, start } from '../../harness/processes';
import { meetNeeds } from './needs';
import type { Step } from './suites';
import type { Tally } from './tally';
import { jestTally } from './tally';

/** jest's own program, without a shell or npm in between: a signal must reach it. */
const jest = join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');

/** Runs a command to its end and shows its output; it never outlives this process. */
async function succeeds([command = '', ...args]: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
	const child = start(command, args, {
		cwd: projectFolder,
		env: { ...toolEnvironment(), ...env },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const [code] = (await once(child, 'exit')) as [number | null];
	return code === 0;
}

/** Runs a command to its end and shows its output only if it fails. */
async function succeedsQuietly([command = '', ...args]: string[]): Promise<boolean> {
	try {
		await run(command, args, { cwd: projectFolder, env: toolEnvironment() });
		return true;
	} catch (error) {
		if (!(error instanceof CommandError)) throw error;
		console.log(error.output);
		return false;
	}
}

/** Runs one step. A script counts only if it fails: its success is not a test. */
export async function runStep(step: Step, resultFolder: string): Promise<Tally> {
	if (step.kind === 'script') {
		const runs = step.quiet ? succeedsQuietly : succeeds;
		return { passed: 0, failed: (await runs([...npmProgram(), 'run', '--silent', step.script])) ? 0 : 1 };
	}
	const env = { ...(await meetNeeds(step.name, step.needs, resultFolder)), TEST_RUN_FOLDER: resultFolder };
	const file = join(resultFolder, `${step.name}.json`);
	const args = ['--selectProjects', step.name, '--json', '--outputFile', file, ...step.args];
	return await jestTally(file, await succeeds([process.execPath, jest, ...args], env));
}
