import { homedir } from 'node:os';
import { join } from 'node:path';

/** The n8n that the demo and the tests run by default. */
export const n8nVersion = '2.41.1';

function baseFolder(): string {
	const { N8N_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
	if (N8N_CACHE_DIR) return N8N_CACHE_DIR;
	if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'n8n-nodes-hidream');
	if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'n8n-nodes-hidream');
	return join(homedir(), '.cache', 'n8n-nodes-hidream');
}

/** The database driver of all these versions of n8n. */
export const sqliteVersion = '5.1.7';

/** The folder of the database driver that was built for this major version of Node.js. It can crash in another one. */
export function sqliteFolder(nodeMajor: number): string {
	return join(baseFolder(), `sqlite3-${sqliteVersion}-node${nodeMajor}`);
}

/** The folder of an n8n: outside the clone, one folder per version, so that a machine installs it once. */
export function n8nFolder(version = n8nVersion): string {
	return join(baseFolder(), `n8n-${version}`);
}
