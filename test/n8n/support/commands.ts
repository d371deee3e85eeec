import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../../../harness/processes';
import { projectFolder } from '../../../harness/packageTarball';

/** The shell commands of a page in `docs`, block by block, as they stand there. */
export async function commandsOf(page: string): Promise<string[]> {
	const text = await readFile(join(projectFolder, 'docs', page), 'utf8');
	return [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
}

/**
 * Runs such commands as they are, for a user whose home is `home`. That user's `docker logs` gives the file
 * `docker.log` there.
 * @returns the lines that come out
 */
export async function runAsReader(commands: string, home: string): Promise<string[]> {
	const docker = 'docker() { [ "$*" = "logs n8n" ] && cat "$HOME/docker.log"; }';
	const env = { PATH: process.env['PATH'], HOME: home, LC_ALL: 'C' };
	// A grep that finds nothing is no failure; a command that fails shows in the lines.
	const output = await run('bash', ['-c', `${docker}\n${commands}\ntrue`], { cwd: home, env });
	return output.split('\n').filter((line) => line !== '');
}
