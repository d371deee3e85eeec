import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CheckOutcome, CheckContext } from './check';
import { checksFolder, ended, lines } from './command';

/** n8n's own ESLint configuration, which `n8n-node lint` requires unchanged. */
const CONFIGURATION = 'node_modules/@n8n/node-cli/dist/template/templates/shared/default/eslint.config.mjs';

/** Whether `n8n-node lint` passes in strict mode, in a copy with n8n's configuration. */
export async function lint({ root, copy }: CheckContext): Promise<CheckOutcome> {
	const { another } = await copy();
	const folder = await another('lint');
	await copyFile(join(root, checksFolder, CONFIGURATION), join(folder, 'eslint.config.mjs'));
	const { good, output } = await ended('n8n-node', ['lint'], folder);
	return { summary: "n8n-node lint, with n8n's own configuration", problems: good ? [] : lines(output) };
}
