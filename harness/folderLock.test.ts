/** A lock file that outlives no owner. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './folderLock';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lock-'))));
afterEach(async () => await rm(folder, { recursive: true }));

test('only one holder at a time; the others wait and are told who holds it', async () => {
	const events: string[] = [];
	const owners: number[] = [];
	const hold = async (name: string) =>
		await withLock(join(folder, 'lock'), async () => {
			events.push(`begin ${name}`);
			await new Promise((resolve) => setTimeout(resolve, 20));
			events.push(`end ${name}`);
		}, (owner) => owners.push(owner));
	await Promise.all([hold('a'), hold('b')]);
	const [first = ''] = events;
	expect(events[1]).toBe(first.replace('begin', 'end'));
	expect(events).toHaveLength(4);
	expect(new Set(owners)).toEqual(new Set([process.pid]));
	expect(await readdir(folder)).toEqual([]);
});

test.each(['of a process that has ended', 'that is empty'])('takes over a lock file %s', async (kind) => {
	const ended = spawnSync(process.execPath, ['--version']).pid;
	await writeFile(join(folder, 'lock'), kind === 'that is empty' ? '' : String(ended));
	expect(await withLock(join(folder, 'lock'), async () => await Promise.resolve('done'), () => undefined)).toBe('done');
	expect(await readdir(folder)).toEqual([]);
});
