import { basename } from 'node:path';

import { run } from './processes';

type RunOptions = Parameters<typeof run>[2];

/** The program that is npm, and its first argument: where npm runs us its own JavaScript entry, else the npm on the PATH. */
export function npmProgram(node = process.execPath): string[] {
	const cli = process.env['npm_execpath'];
	return cli !== undefined && basename(cli) === 'npm-cli.js' ? [node, cli] : ['npm'];
}

/** Runs npm with the given arguments, under `node` where that can be chosen. */
export async function npm(args: string[], options: RunOptions = {}, node = process.execPath): Promise<string> {
	const [command = 'npm', ...first] = npmProgram(node);
	return await run(command, [...first, ...args, '--no-audit', '--no-fund', '--no-update-notifier'], options);
}
