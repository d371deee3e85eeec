import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { toolEnvironment } from '../environment';
import { npm } from '../npm';

/**
 * Installs packed packages where n8n looks for community nodes, with the options that n8n itself uses. As there,
 * the peer dependency n8n-workflow is not fetched: n8n provides its own.
 */
export async function installCommunityPackages(userFolder: string, tarballs: readonly string[]): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'installed-nodes', private: true }));
	const asN8nDoes = ['--bin-links=false', '--install-strategy=shallow', '--ignore-scripts', '--no-package-lock'];
	await npm(['install', ...tarballs, '--omit=dev', '--omit=peer', '--legacy-peer-deps', ...asN8nDoes], {
		cwd: folder,
		env: toolEnvironment(),
	});
}
