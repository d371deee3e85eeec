import { basename, dirname, join } from 'node:path';

import { run } from './processes';

type RunOptions = Parameters<typeof run>[2];

/** npm's program and first argument: the JavaScript entry of the npm that runs us, or the npm that comes with Node.js. */
export function npmProgram(node = process.execPath): string[] {
	const cli = process.env['npm_execpath'];
	if (cli !== undefined && basename(cli) === 'npm-cli.js') return [node, cli];
	// On Windows, npm is a script that only a shell can start.
	return process.platform === 'win32' ? [node, join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')] : ['npm'];
}

/** Runs npm with the given arguments, with `node` if npm's entry is known. */
export async function npm(args: string[], options: RunOptions = {}, node = process.execPath): Promise<string> {
	const [command = 'npm', ...first] = npmProgram(node);
	return await run(command, [...first, ...args, '--no-audit', '--no-fund', '--no-update-notifier'], options);
}
