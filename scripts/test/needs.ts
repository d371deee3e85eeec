import { constants, setPriority } from 'node:os';
import { join } from 'node:path';

import { n8nVersion } from '../../harness/cache';
import { chromiumPath, MissingChromiumError } from '../../harness/browser/chromium';
import { toolEnvironment } from '../../harness/environment';
import { ensureN8n } from '../../harness/n8nInstall';
import { checkQueueServices, MissingServiceError } from '../../harness/n8nQueueServices';
import { chosenN8nVersions } from '../../harness/n8nVersions';
import { UnsupportedPlatformError } from '../../harness/nodeRuntime';
import { packageTarball, projectFolder, tarballVariable } from '../../harness/packageTarball';
import { CommandError, start } from '../../harness/processes';
import { MissingCompilerError } from '../../harness/sqliteBuild';
import { terminalStep } from '../terminal';
import { ensureInstalled } from '../packages.mjs';

/** What a suite needs on the machine, or can install. */
export type Need = 'services' | 'chromium' | 'n8n' | 'otherN8ns' | 'tarball';

/** A suite that cannot run here: what is missing, and the one command that installs it. */
export class NotRunError extends Error {
	constructor(suite: string, missing: string, command: string, cause: unknown) {
		super(`NOT RUN: ${suite}: ${missing}; get it with: ${command}`, { cause });
	}
}

/**
 * Starts to install every n8n in the background, at low priority, while other tests run. A suite that needs one waits
 * for its lock; if the installation fails, the suite tries again and reports why.
 */
export function installAhead(): void {
	const versions = [...new Set([n8nVersion, ...chosenN8nVersions()])];
	const args = ['--import', 'tsx', join(__dirname, 'download.ts'), ...versions];
	const { pid } = start(process.execPath, args, { cwd: projectFolder, env: toolEnvironment(), stdio: 'ignore' });
	if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
}

/** The installation of each n8n: suites that run in parallel share it, and the packed package below. */
const installations = new Map<string, Promise<unknown>>();

/** Installs one n8n. */
async function install(suite: string, version: string): Promise<void> {
	try {
		const installation = installations.get(version) ?? terminalStep(`Install n8n ${version}`, async (report) => await ensureN8n(report, version));
		installations.set(version, installation);
		await installation;
	} catch (error) {
		// npm's output above has the reason.
		if (error instanceof CommandError) throw new NotRunError(suite, `n8n ${version}`, `npm install n8n@${version}`, error);
		throw error;
	}
}

let tarball: Promise<string> | undefined;

/** How each need is met; returns environment variables for the suite. */
const meet: Record<Need, (suite: string, folder: string) => Promise<NodeJS.ProcessEnv>> = {
	async services() {
		await checkQueueServices();
		return {};
	},
	async chromium() {
		chromiumPath();
		await ensureInstalled('harness/browser');
		return {};
	},
	async n8n(suite) {
		await install(suite, n8nVersion);
		return {};
	},
	async otherN8ns(suite) {
		for (const version of chosenN8nVersions()) await install(suite, version);
		return {};
	},
	async tarball(_, folder) {
		tarball ??= packageTarball(undefined, folder);
		return { [tarballVariable]: await tarball };
	},
};

/**
 * Installs what a suite needs, in this order, and returns the environment for it.
 *
 * @param folder for files that are created for the suite
 * @throws NotRunError if something is missing that cannot be installed here
 */
export async function meetNeeds(suite: string, needs: readonly Need[], folder: string): Promise<NodeJS.ProcessEnv> {
	const env: NodeJS.ProcessEnv = {};
	try {
		for (const need of needs) Object.assign(env, await meet[need](suite, folder));
	} catch (error) {
		if (error instanceof MissingCompilerError) throw new NotRunError(suite, 'a C++ compiler', error.command, error);
		if (error instanceof UnsupportedPlatformError) throw new NotRunError(suite, error.message, error.command, error);
		if (error instanceof MissingServiceError || error instanceof MissingChromiumError) {
			throw new NotRunError(suite, error.missing, error.command, error);
		}
		throw error;
	}
	return env;
}
