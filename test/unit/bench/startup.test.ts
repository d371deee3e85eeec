import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOnce } from '../../../bench/startup/loads';
import type { Subject } from '../../../bench/startup/loads';
import type { Load, StartupRaw } from '../../../bench/startup/raw';
import { plots } from '../../../bench/startup/plots';
import { tables } from '../../../bench/startup/tables';
import { targets } from '../../../bench/startup/targets';
import { svgOf } from '../../../bench/report/plot';

let folder: string;
beforeEach(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), 'startup-')));
	await mkdir(join(folder, 'node_modules'));
	await writeFile(join(folder, 'node_modules', 'shared.js'), 'exports.made = 0;');
	await writeFile(join(folder, 'slow.js'), 'const end = Date.now() + 300; while (Date.now() < end);');
	await writeFile(join(folder, 'later.js'), '');
	await writeFile(join(folder, 'One.node.js'), "require('./slow'); require('os'); exports.One = class { constructor() { require('shared').made += 1; } };");
});
afterEach(async () => await rm(folder, { recursive: true }));

const subject = (): Subject => ({ name: 'one', isOurs: true, folder, start: [join(folder, 'One.node.js')], later: [join(folder, 'later.js'), join(folder, 'slow.js')], preload: ['shared'], nodePath: '' });

test('loading is timed, and what was loaded before is not counted', async () => {
	const loaded = await loadOnce(process.execPath, subject());
	expect(loaded.made).toBe(1);
	const { atStart, withFirstRun } = loaded;
	expect(atStart.requireMs).toBeGreaterThan(290);
	expect(withFirstRun.requireMs).toBeLessThan(250);
	expect(atStart.files.map(({ file }) => file).sort()).toEqual([join(folder, 'One.node.js'), join(folder, 'slow.js')]);
	expect(withFirstRun.files.map(({ file }) => file)).toEqual([join(folder, 'later.js')]);
	expect(atStart.traced).toBeUndefined();
}, 60_000);

test('the time is put down to the module that takes it, not to those that load it', async () => {
	const { traced = [] } = (await loadOnce(process.execPath, subject(), true)).atStart;
	const own = (file: string) => traced.find((time) => time.file === file)?.runMs ?? NaN;
	expect(own(join(folder, 'slow.js'))).toBeGreaterThan(290);
	expect(own(join(folder, 'One.node.js'))).toBeLessThan(250);
	expect(traced.map(({ file }) => file)).toContain('os');
}, 60_000);

test.each([
	['a file that is broken', 'throw new Error("broken");', 'broken'],
	['a file without its class', 'exports.Other = class {};', 'not a constructor'],
	['a module that is not there', "require('nowhere');", "Cannot find module 'nowhere'"],
])('%s is an error', async (_name, source, why) => {
	await writeFile(join(folder, 'One.node.js'), source);
	await expect(loadOnce(process.execPath, subject())).rejects.toThrow(why);
}, 60_000);

const load = (more: Partial<Load>): Load => ({
	subject: 'this package', isOurs: true, node: 'v24.0.0', isNodeOfN8n: true, cache: 'warm', stage: 'atStart', runs: 15, ms: 9.994, fastestMs: 9, requireMs: 9, constructMs: 1,
	heapMiB: 0.5, residentMiB: 2, files: 80, fileBytes: 180_400, ...more,
});

const modules = (length: number) => Array.from({ length }, (_, n) => ({ file: `m${n}.js`, resolveMs: 0.25, readMs: 0.25, compileMs: 0.25, runMs: 0.25 }));

const raw = (more: Partial<StartupRaw> = {}): StartupRaw => ({
	tarball: { packedBytes: 60_001, unpackedBytes: 200_000, files: 90, largest: [{ file: 'README.md', bytes: 19_000, gzipBytes: 8_000 }] },
	loads: [load({ stage: 'withFirstRun', ms: 50 }), load({}), load({ cache: 'cold', ms: 30 }), load({ subject: 'theirs', isOurs: false, ms: 600 }), load({ isNodeOfN8n: false, node: 'v20.0.0', ms: 99 })],
	where: { atStart: modules(17), withFirstRun: modules(2) },
	...more,
});

test('targets are judged by this package, on the Node.js of n8n, with a warm cache', () => {
	expect(targets(raw()).map(({ measured, met }) => [measured, met])).toEqual([['60,001 bytes', false], ['9.99 ms', true]]);
	expect(() => targets(raw({ loads: [load({ isNodeOfN8n: false })] }))).toThrow('was not measured');
});

test('tables and plot: the rest of the modules is one row, and all add up', () => {
	const [loads, where, later, tarball] = tables(raw());
	expect(loads?.rows).toHaveLength(5);
	expect(where?.rows.slice(-2)).toEqual([['5 more', '1.25', '1.25', '1.25', '1.25', '5.00'], ['all', '4.25', '4.25', '4.25', '4.25', '17.0']]);
	expect(later?.rows.map(([file]) => file)).toEqual(['m0.js', 'm1.js', 'all']);
	expect(tarball?.rows).toEqual([['the package (90 files)', '200,000', '60,001'], ['README.md', '19,000', '8,000']]);
	const [plot] = plots(raw());
	expect(plot && svgOf(plot)).toContain('not measured');
});
