import { delimiter, dirname } from 'node:path';

import { toolEnvironment } from './environment';
import type { NodeRuntime } from './nodeRuntime';
import { npm } from './npm';
import { CommandError, run } from './processes';

const compilerHints: Partial<Record<NodeJS.Platform, string>> = {
	linux: 'sudo apt-get install -y build-essential python3',
	darwin: 'xcode-select --install',
	win32: 'winget install Microsoft.VisualStudio.2022.BuildTools',
};

/** Whether n8n's database driver loads under the runtime: the only sure sign that its binary is there and fits. */
export async function sqliteLoads(folder: string, runtime: NodeRuntime): Promise<boolean> {
	try {
		await run(runtime.executable, ['-e', "require('sqlite3')"], { cwd: folder, env: toolEnvironment() });
		return true;
	} catch {
		return false;
	}
}

function buildEnvironment(runtime: NodeRuntime): NodeJS.ProcessEnv {
	const env = toolEnvironment();
	const path = [dirname(runtime.executable), env['PATH']].join(delimiter);
	// A package of Node.js brings its own headers. A nodedir in the user's settings is for another version.
	const headers = runtime.packageFolder === undefined ? {} : { npm_config_nodedir: runtime.packageFolder };
	return { ...env, PATH: path, ...headers };
}

/** Fetches or compiles n8n's database driver. A missing compiler is told in words, with the command that brings it. */
export async function buildSqlite(
	folder: string,
	runtime: NodeRuntime,
	onLine: (line: string) => void,
): Promise<void> {
	const env = buildEnvironment(runtime);
	try {
		await npm(['rebuild', 'sqlite3', '--foreground-scripts'], { cwd: folder, env, onLine }, runtime.executable);
	} catch (error) {
		throw explain(error);
	}
	if (await sqliteLoads(folder, runtime)) return;
	throw new Error(`npm rebuilt sqlite3 in ${folder}, yet it does not load. Remove that folder and try again.`);
}

function explain(error: unknown): unknown {
	if (!(error instanceof CommandError)) return error;
	const missing = /not found: make|not found: (g\+\+|c\+\+|cc)|make: (g\+\+|c\+\+|cc): |find Python|find Visual Studio|xcode/i;
	if (!missing.test(error.output)) return error;
	const hint = compilerHints[process.platform] ?? 'install make, a C++ compiler and Python 3';
	return new MissingCompilerError(hint, error);
}

/** n8n's database driver has no ready binary for this system and there is no compiler to make one. */
export class MissingCompilerError extends Error {
	constructor(
		readonly command: string,
		cause: Error,
	) {
		super(`n8n's database driver must be compiled here, and a C++ compiler, make or Python 3 is missing. Get them with: ${command}`, { cause });
	}
}
