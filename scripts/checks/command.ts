import { join } from 'node:path';

import { toolEnvironment } from '../../harness/environment';
import { projectFolder } from '../../harness/packageTarball';

/** Where the tools of the checks are installed, relative to the root. */
export const checksFolder = 'scripts/checks';

/** The output of a command, and whether it succeeded. */
export interface CommandResult {
	good: boolean;
	stdout: string;
	/** Standard output and standard error, in order. */
	output: string;
}

/** Runs a command of this project or of the system to its end; a bad exit code is a result, not an error. */
export async function ended(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
	// An ES module only: this file is loaded as CommonJS, so it cannot be imported at the top.
	const { execa } = await import('execa');
	const result = await execa(command, args, {
		cwd,
		env: { ...toolEnvironment(), NO_COLOR: '1', ...env },
		extendEnv: false,
		// Also finds the root's tools, in a folder above.
		preferLocal: true,
		localDir: join(projectFolder, checksFolder),
		stdin: 'ignore',
		all: true,
		reject: false,
		maxBuffer: 100_000_000,
	});
	return { good: !result.failed, stdout: result.stdout, output: result.all || (result.shortMessage ?? '') };
}

/** Runs a command that must succeed; otherwise throws with its output. */
export async function succeeded(command: string, args: string[], cwd: string): Promise<string> {
	const { good, stdout, output } = await ended(command, args, cwd);
	if (!good) throw new Error(`${[command, ...args].join(' ')} failed:\n${output}`);
	return stdout;
}

/** The non-empty lines, trimmed. */
export const lines = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
