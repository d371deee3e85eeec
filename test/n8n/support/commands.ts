import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../../../harness/processes';
import { projectFolder } from '../../../harness/packageTarball';

/** The shell commands of a page in `docs`, block by block. */
export async function commandsOf(page: string): Promise<string[]> {
	const text = await readFile(join(projectFolder, 'docs', page), 'utf8');
	return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
}

/**
 * Runs these commands unchanged for a user with the home `home`. Their `docker logs` prints the file `docker.log` there.
 * @returns the lines of the output
 */
export async function runAsReader(commands: string, home: string): Promise<string[]> {
	const docker = 'docker() { [ "$*" = "logs n8n" ] && cat "$HOME/docker.log"; }';
	const env = { PATH: process.env['PATH'], HOME: home, LC_ALL: 'C' };
	// A grep without matches is no failure; a failing command shows in the lines.
	const output = await run('bash', ['-c', `${docker}\n${commands}\ntrue`], { cwd: home, env });
	return output.split('\n').filter((line) => line !== '');
}
