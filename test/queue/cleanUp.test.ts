/** A suite leaves nothing behind, however it ends: no process, folder, database or key in Redis. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { projectFolder } from '../../harness/packageTarball';
import { signalTree, start } from '../../harness/processes';
import { testRunVariable } from '../../harness/testRun';
import { leftovers } from '../../scripts/test/leftovers';

jest.setTimeout(90_000);

const outer = process.env[testRunVariable];
let run: string;

beforeEach(() => {
	run = randomBytes(4).toString('hex');
	process.env[testRunVariable] = run;
});
afterEach(() => {
	if (outer === undefined) Reflect.deleteProperty(process.env, testRunVariable);
	else process.env[testRunVariable] = outer;
});

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGKILL'])('after %s to the process that created everything', async (signal) => {
	const args = ['--import', 'tsx', join(__dirname, 'support', 'holder.ts')];
	const options = { cwd: projectFolder, env: { ...process.env } };
	const holder = start(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
	if (holder.stdout === null) throw new Error('The holder has no output.');
	expect(await once(createInterface({ input: holder.stdout }), 'line')).toEqual(['ready']);
	const held = await leftovers(run, 0);
	expect(held.map((line) => line.replace(/ .*/, '')).sort()).toEqual(expect.arrayContaining(['1', 'database', 'folder', 'process']));
	const ended = once(holder, 'exit');
	await signalTree(holder, signal);
	await ended;
	expect(await leftovers(run)).toEqual([]);
});
