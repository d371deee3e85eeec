import { once } from 'node:events';
import { join } from 'node:path';

import { toolEnvironment } from '../../harness/environment';
import { projectFolder } from '../../harness/packageTarball';
import { start } from '../../harness/processes';
import { npmProgram } from '../../harness/npm';
import { meetNeeds } from './needs';
import type { Step } from './suites';
import type { Tally } from './tally';
import { jestTally } from './tally';

/** jest's own program, without a shell or an npm in between: a signal must reach it. */
const jest = join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');

/** Runs a command to its end, on our own standard output; it never outlives this process. */
async function succeeds([command = '', ...args]: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
	const child = start(command, args, {
		cwd: projectFolder,
		env: { ...toolEnvironment(), ...env },
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	const [code] = (await once(child, 'exit')) as [number | null];
	return code === 0;
}

/** Runs one step; what it makes goes into a folder that is there for the whole run. A script counts only when it fails: its success is not a test. */
export async function runStep(step: Step, resultFolder: string): Promise<Tally> {
	if (step.kind === 'script') {
		const good = await succeeds([...npmProgram(), 'run', '--silent', step.script]);
		return { passed: 0, failed: good ? 0 : 1 };
	}
	const env = await meetNeeds(step.name, step.needs, resultFolder);
	const file = join(resultFolder, `${step.name}.json`);
	const args = ['--selectProjects', step.name, '--json', '--outputFile', file, ...step.args];
	return await jestTally(file, await succeeds([process.execPath, jest, ...args], env));
}
