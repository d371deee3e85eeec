import { once } from 'node:events';
import { join } from 'node:path';

import { toolEnvironment } from '../../harness/environment';
import { npmProgram } from '../../harness/npm';
import { projectFolder } from '../../harness/packageTarball';
import { CommandError, run, signalTree, start } from '../../harness/processes';
import { meetNeeds } from './needs';
import type { TestStep } from './suites';
import type { TestTally } from './tally';
import { jestTally } from './tally';

/** jest's own program, without a shell or npm in between: a signal must reach it. */
const jest = join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');

/** No step takes longer, also on a slow machine. One that hangs must not keep the others from being counted. */
const stepLimitMs = 60 * 60_000;

/** Runs a command to its end with this terminal; it never outlives this process. */
async function runInTerminal([command = '', ...args]: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
	const child = start(command, args, {
		cwd: projectFolder,
		env: { ...toolEnvironment(), ...env },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const limit = setTimeout(() => {
		console.log(`${args.join(' ')} took longer than an hour, and was ended`);
		void signalTree(child, 'SIGKILL');
	}, stepLimitMs);
	const [code] = (await once(child, 'exit')) as [number | null];
	clearTimeout(limit);
	return code === 0;
}

/** Runs a command to its end. `onLine` gets each line of its output; without it, the output is shown if the command fails. */
async function runCaptured([command = '', ...args]: string[], env: NodeJS.ProcessEnv = {}, onLine?: (line: string) => void): Promise<boolean> {
	try {
		await run(command, args, { cwd: projectFolder, env: { ...toolEnvironment(), ...env }, signal: AbortSignal.timeout(stepLimitMs), ...(onLine && { onLine }) });
		return true;
	} catch (error) {
		if (!(error instanceof CommandError)) throw error;
		if (!onLine || error.exitCode === 'not started') console.log(error.output);
		return false;
	}
}

/**
 * Runs one step. A script counts only if it fails: its success is not a test.
 *
 * @param parallel whether other steps run at the same time: then each line of jest's output begins with the name of the suite
 */
export async function runStep(step: TestStep, resultFolder: string, parallel: boolean): Promise<TestTally> {
	if (step.kind === 'script') {
		const runScript = step.quiet ? runCaptured : runInTerminal;
		return { passed: 0, failed: (await runScript([...npmProgram(), 'run', '--silent', step.script])) ? 0 : 1 };
	}
	const env = { ...(await meetNeeds(step.name, step.needs, resultFolder)), TEST_RUN_FOLDER: resultFolder };
	const file = join(resultFolder, `${step.name}.json`);
	const args = ['--selectProjects', step.name, '--json', '--outputFile', file, ...step.args];
	const command = [process.execPath, jest, ...args];
	const passed = await (parallel ? runCaptured(command, env, (line) => console.log(`${step.name} | ${line}`)) : runInTerminal(command, env));
	return await jestTally(file, passed, step.args.some((arg) => /^(?:-t|--testNamePattern)/.test(arg)));
}
