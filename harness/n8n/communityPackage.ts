import { join } from 'node:path';

import { toolEnvironment } from '../environment';
import { npm } from '../npm';

/**
 * The arguments for `npm install` in README and docs/install.md, except `--prefix`. As when n8n installs a package itself,
 * no script runs, and the peer dependency n8n-workflow is not installed: n8n provides its own.
 */
export const installFlags = ['--legacy-peer-deps', '--ignore-scripts'];

/** Installs packed packages (absolute paths) where n8n looks for community nodes, like a user by hand. */
export async function installCommunityPackages(userFolder: string, tarballs: readonly string[]): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	await npm(['install', '--prefix', folder, ...installFlags, '--no-package-lock', ...tarballs], { env: toolEnvironment() });
}
