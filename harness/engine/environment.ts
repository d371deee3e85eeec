/**
 * The environment variables that n8n-core reads when it is loaded. Import this file before n8n-core.
 * All files are in one temporary folder per test file, which is removed at its end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { folderPrefix } from '../guard';

/** n8n's home for this test file: settings, encryption key, binaries. `npm test` also removes its folder after an interruption. */
export const home = mkdtempSync(join(process.env['TEST_RUN_FOLDER'] ?? tmpdir(), `${folderPrefix()}engine-`));

/** Variables of this machine that would redirect requests or change n8n's behavior. */
const FOREIGN = /^(N8N_|HIDREAM_|DB_|EXECUTIONS_|(HTTPS?|ALL|NO)_PROXY$)/i;

for (const name of Object.keys(process.env)) {
	if (FOREIGN.test(name)) Reflect.deleteProperty(process.env, name);
}

Object.assign(process.env, {
	N8N_USER_FOLDER: home,
	N8N_ENCRYPTION_KEY: 'engine-tests',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
	N8N_LOG_LEVEL: 'silent',
});

/** Removes the folder. */
export function removeHome(): void {
	rmSync(home, { recursive: true, force: true });
}
