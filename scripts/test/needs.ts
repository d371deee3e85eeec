import { n8nVersion } from '../../harness/cache';
import { chromiumPath, MissingChromiumError } from '../../harness/browser/chromium';
import { ensureN8n } from '../../harness/n8nInstall';
import { checkQueueServices, MissingServiceError } from '../../harness/n8nQueueStore';
import { chosenN8nVersions } from '../../harness/n8nVersions';
import { UnsupportedPlatformError } from '../../harness/nodeRuntime';
import { packageTarball, tarballVariable } from '../../harness/packageTarball';
import { CommandError } from '../../harness/processes';
import { MissingCompilerError } from '../../harness/sqliteBuild';

/** What a suite must find on the machine, or can bring. */
export type Need = 'services' | 'chromium' | 'n8n' | 'otherN8ns' | 'tarball';

/** A suite that cannot run here: what is missing, and the one command that brings it. */
export class NotRunError extends Error {
	constructor(suite: string, missing: string, command: string, cause: unknown) {
		super(`NOT RUN: ${suite}: ${missing}; get it with: ${command}`, { cause });
	}
}

/** Brings one n8n, telling of it line by line. */
async function bring(suite: string, version: string): Promise<void> {
	try {
		await ensureN8n((line) => console.log(line), version);
	} catch (error) {
		// Some line of npm's says why; the missing n8n is all that can be said in one.
		if (error instanceof CommandError) throw new NotRunError(suite, `n8n ${version}`, `npm install n8n@${version}`, error);
		throw error;
	}
}

/** How each need is met; gives what the suite must find in its environment. */
const meet: Record<Need, (suite: string, folder: string) => Promise<NodeJS.ProcessEnv>> = {
	async services() {
		await checkQueueServices();
		return {};
	},
	async chromium() {
		chromiumPath();
		return {};
	},
	async n8n(suite) {
		await bring(suite, n8nVersion);
		return {};
	},
	async otherN8ns(suite) {
		for (const version of chosenN8nVersions()) await bring(suite, version);
		return {};
	},
	async tarball(_, folder) {
		return { [tarballVariable]: await packageTarball(undefined, folder) };
	},
};

/**
 * Brings what a suite needs, in this order, and gives the environment for it.
 *
 * @param folder where to put what is made for the suite
 * @throws NotRunError where something is missing that cannot be brought here
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
