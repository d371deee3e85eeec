import { join } from 'node:path';

import { toolEnvironment } from '../../harness/environment';
import { ensureN8n } from '../../harness/n8nInstall';
import { UnsupportedPlatformError } from '../../harness/nodeRuntime';
import { packageTarball, projectFolder, tarballVariable } from '../../harness/packageTarball';
import { MissingCompilerError } from '../../harness/sqliteBuild';
import type { Step } from './suites';
import type { Tally } from './tally';
import { jestTally } from './tally';

/** A suite that cannot run here: what is missing, and the one command that brings it. */
export class NotRunError extends Error {
	constructor(
		suite: string,
		missing: string,
		readonly command: string,
	) {
		super(`NOT RUN: ${suite}: ${missing}; get it with: ${command}`);
	}
}

async function succeeds(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
	// An ES module only: this file is loaded as CommonJS, so it cannot be imported at the top.
	const { execa } = await import('execa');
	const { failed } = await execa(command, args, {
		cwd: projectFolder,
		env: { ...toolEnvironment(), ...env },
		extendEnv: false,
		preferLocal: true,
		stdio: 'inherit',
		reject: false,
	});
	return !failed;
}

/** Brings n8n, and packs the package once for all files of the suite. Throws `NotRunError` where that cannot be done here. */
async function n8nSuiteEnvironment(suite: string): Promise<NodeJS.ProcessEnv> {
	try {
		await ensureN8n((line) => console.log(line));
	} catch (error) {
		if (error instanceof MissingCompilerError) throw new NotRunError(suite, 'a C++ compiler', error.command);
		if (error instanceof UnsupportedPlatformError) throw new NotRunError(suite, error.message, error.command);
		throw error;
	}
	return { [tarballVariable]: await packageTarball() };
}

/** Runs one step. A script counts only when it fails: its success is not a test. */
export async function runStep(step: Step, resultFolder: string): Promise<Tally> {
	if (step.kind === 'script') {
		const good = await succeeds('npm', ['run', '--silent', step.script]);
		return { passed: 0, failed: good ? 0 : 1 };
	}
	const env = step.needsN8n ? await n8nSuiteEnvironment(step.name) : {};
	const file = join(resultFolder, `${step.name}.json`);
	const args = ['--selectProjects', step.name, '--json', '--outputFile', file, ...step.args];
	return await jestTally(file, await succeeds('jest', args, env));
}
