/** A lock file that outlives no owner. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
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

test('a process that is interrupted leaves no lock file behind', async () => {
	const code = `require('./harness/folderLock').withLock(${JSON.stringify(join(folder, 'lock'))}, async () => process.exit(0), () => undefined)`;
	expect(spawnSync(process.execPath, ['--import', 'tsx', '-e', code]).status).toBe(0);
	expect(await readdir(folder)).toEqual([]);
});

test.each<[string, () => number | string]>([
	['of a process that has ended', () => spawnSync(process.execPath, ['--version']).pid],
	['of an earlier process with our own ID', () => process.pid],
	['that is empty', () => ''],
])('takes over a lock file %s', async (_name, content) => {
	await writeFile(join(folder, 'lock'), String(content()));
	await utimes(join(folder, 'lock'), 0, 0);
	expect(await withLock(join(folder, 'lock'), async () => await Promise.resolve('done'), () => undefined)).toBe('done');
	expect(await readdir(folder)).toEqual([]);
});
