import { basename } from 'node:path';

import { run } from './processes';

type RunOptions = Parameters<typeof run>[2];

/**
 * Runs npm with the given arguments. If npm runs us, its own JavaScript entry is used, under `node` (this Node by
 * default); otherwise the npm on the PATH.
 */
export async function npm(args: string[], options: RunOptions = {}, node = process.execPath): Promise<string> {
	const cli = process.env['npm_execpath'];
	const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
	if (cli !== undefined && basename(cli) === 'npm-cli.js') return await run(node, [cli, ...args, ...quiet], options);
	return await run('npm', [...args, ...quiet], options);
}
