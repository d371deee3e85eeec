import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolEnvironment } from '../../harness/environment';
import { temporaryFolder } from '../../harness/guard';
import { npm } from '../../harness/npm';
import { packageTarball, projectFolder } from '../../harness/packageTarball';
import { run } from '../../harness/processes';

const NODES = join(projectFolder, 'bench', 'nodes');

/** The published package and the benchmark's nodes, packed for `startN8n` and `startQueue`. */
export interface Packages {
	tgz: string;
	alsoInstall: string[];
}

let ready: Promise<Packages> | undefined;

/** Builds and packs both packages, once for all callers. */
export async function benchedPackages(): Promise<Packages> {
	ready ??= Promise.all([packageTarball(), benchNodesTarball()]).then(([tgz, own]) => ({ tgz, alsoInstall: [own] }));
	return await ready;
}

async function benchNodesTarball(): Promise<string> {
	const folder = await temporaryFolder('bench-nodes');
	const compiler = require.resolve('typescript/bin/tsc');
	await run(process.execPath, [compiler, '-p', NODES, '--outDir', join(folder, 'dist')]);
	await copyFile(join(NODES, 'package.json'), join(folder, 'package.json'));
	const output = await npm(['pack', '--ignore-scripts', '--silent'], { cwd: folder, env: toolEnvironment() });
	const name = output.split('\n').find((line) => line.endsWith('.tgz'));
	if (name === undefined) throw new Error('npm pack created no tarball of the benchmark\'s nodes');
	return join(folder, name);
}
