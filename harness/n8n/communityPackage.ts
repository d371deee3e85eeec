import { join } from 'node:path';

import { toolEnvironment } from '../environment';
import { npm } from '../npm';

/**
 * What README and docs/install.md tell users to give to `npm install`, besides `--prefix`. As when n8n installs a package
 * itself, nothing is run, and the peer dependency n8n-workflow is not fetched: n8n provides its own.
 */
export const installFlags = ['--legacy-peer-deps', '--ignore-scripts'];

/** Installs packed packages (absolute paths) where n8n looks for community nodes, as users do by hand. */
export async function installCommunityPackages(userFolder: string, tarballs: readonly string[]): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	await npm(['install', '--prefix', folder, ...installFlags, '--no-package-lock', ...tarballs], { env: toolEnvironment() });
}
