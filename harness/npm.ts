import { basename } from 'node:path';

import { run } from './processes';

type RunOptions = Parameters<typeof run>[2];

/** npm's program and first argument: the JavaScript entry of the npm that runs us, or the npm on the PATH. */
export function npmProgram(node = process.execPath): string[] {
	const cli = process.env['npm_execpath'];
	return cli !== undefined && basename(cli) === 'npm-cli.js' ? [node, cli] : ['npm'];
}

/** Runs npm with the given arguments, with `node` if npm's entry is known. */
export async function npm(args: string[], options: RunOptions = {}, node = process.execPath): Promise<string> {
	const [command = 'npm', ...first] = npmProgram(node);
	return await run(command, [...first, ...args, '--no-audit', '--no-fund', '--no-update-notifier'], options);
}
