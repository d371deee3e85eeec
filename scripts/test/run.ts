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
async function succeedsAloud([command = '', ...args]: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
	const child = start(command, args, {
		cwd: projectFolder,
		env: { ...toolEnvironment(), ...env },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const [code] = (await once(child, 'exit')) as [number | null];
	return code === 0;
}

/** Runs a command to its end. `onLine` gets each line of its output, which is also shown if it fails and there is no `onLine`. */
async function succeeds([command = '', ...args]: string[], env: NodeJS.ProcessEnv = {}, onLine?: (line: string) => void): Promise<boolean> {
	try {
		await run(command, args, { cwd: projectFolder, env: { ...toolEnvironment(), ...env }, ...(onLine && { onLine }) });
		return true;
	} catch (error) {
		if (!(error instanceof CommandError)) throw error;
		if (!onLine) console.log(error.output);
		return false;
	}
}

/**
 * Runs one step. A script counts only if it fails: its success is not a test.
 *
 * @param beside whether other steps run at the same time: then each line of the output begins with the name of the step
 */
export async function runStep(step: Step, resultFolder: string, beside: boolean): Promise<Tally> {
	if (step.kind === 'script') {
		const runs = step.quiet ? succeeds : succeedsAloud;
		return { passed: 0, failed: (await runs([...npmProgram(), 'run', '--silent', step.script])) ? 0 : 1 };
	}
	const env = { ...(await meetNeeds(step.name, step.needs, resultFolder)), TEST_RUN_FOLDER: resultFolder };
	const file = join(resultFolder, `${step.name}.json`);
	const args = ['--selectProjects', step.name, '--json', '--outputFile', file, ...step.args];
	const command = [process.execPath, jest, ...args];
	const ranWell = await (beside ? succeeds(command, env, (line) => console.log(`${step.name} | ${line}`)) : succeedsAloud(command, env));
	return await jestTally(file, ranWell);
}
