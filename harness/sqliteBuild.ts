import { cp, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { sqliteFolder, sqliteVersion } from './cache';
import { toolEnvironment } from './environment';
import { withLock } from './folderLock';
import type { N8nRelease } from './n8nRelease';
import type { NodeRuntime } from './nodeRuntime';
import { nodeMajorFor, nodePackage, nodeRuntimeFor } from './nodeRuntime';
import { npm } from './npm';
import { CommandError, run } from './processes';
import type { Report } from './progress';

const compilerCommands: Partial<Record<NodeJS.Platform, string>> = {
	linux: 'sudo apt-get install -y build-essential python3',
	darwin: 'xcode-select --install',
	win32: 'winget install Microsoft.VisualStudio.2022.BuildTools',
};

/** The command that installs the compiler for n8n's database driver. */
export const compilerCommand = compilerCommands[process.platform] ?? 'install make, a C++ compiler and Python 3';

/** Whether the database driver in this folder loads: the only proof that its binary exists and is suitable. */
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

/**
 * Downloads or compiles n8n's database driver in its own folder, once for all versions of n8n that run on the same
 * Node.js. Returns the folder.
 */
export async function ensureSqlite(release: N8nRelease, report: Report, signal: AbortSignal): Promise<string> {
	const folder = sqliteFolder(nodeMajorFor(release));
	const runtime = nodeRuntimeFor(folder, release);
	const build = async (): Promise<void> => {
		if (await sqliteLoads(folder, runtime)) return;
		await mkdir(folder, { recursive: true });
		const manifest = { private: true, dependencies: { sqlite3: sqliteVersion, ...nodePackage(runtime) } };
		await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
		report('downloading the database driver');
		const options = { cwd: folder, signal };
		await npm(['install', '--ignore-scripts', '--no-package-lock'], { ...options, env: toolEnvironment() });
		const onLine = (line: string): void => {
			if (line.startsWith('gyp ')) report('compiling the database driver, 1 to 3 minutes');
		};
		try {
			await npm(['rebuild', 'sqlite3', '--foreground-scripts'], { ...options, env: buildEnvironment(runtime), onLine }, runtime.executable);
		} catch (error) {
			throw explain(error);
		}
		if (await sqliteLoads(folder, runtime)) return;
		throw new Error(`n8n's database driver was built in ${folder}, but it does not load. Remove that folder and try again.`);
	};
	await withLock(`${folder}.lock`, build, (owner) => report(`process ${owner} builds the database driver`));
	report('');
	return folder;
}

/** Copies the driver's binary into an n8n. */
export async function copySqlite(driver: string, folder: string): Promise<void> {
	const build = join('node_modules', 'sqlite3', 'build', 'Release');
	const binary = 'node_sqlite3.node';
	await mkdir(join(folder, build), { recursive: true });
	await cp(join(driver, build, binary), join(folder, build, binary));
}

function explain(error: unknown): unknown {
	if (!(error instanceof CommandError)) return error;
	const missing = /not found: make|not found: (g\+\+|c\+\+|cc)|make: (g\+\+|c\+\+|cc): |find Python|find Visual Studio|xcode/i;
	return missing.test(error.output) ? new MissingCompilerError(error) : error;
}

/** n8n's database driver has no prebuilt binary for this system, and the compiler to build one is missing. */
export class MissingCompilerError extends Error {
	readonly command = compilerCommand;

	constructor(cause: Error) {
		super("To compile n8n's database driver, a C++ compiler, make or Python 3 is missing.", { cause });
	}
}
