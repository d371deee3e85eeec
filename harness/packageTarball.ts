import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { toolEnvironment } from './environment';
import { temporaryFolder } from './guard';
import { npm } from './npm';

/** The root of this project. */
export const projectFolder = resolve(__dirname, '..');

/** Path of a prebuilt tarball, so that a run of many suites builds and packs once. */
export const tarballVariable = 'N8N_HIDREAM_TARBALL';

/**
 * Builds and packs the package as published, and returns the path of the tarball.
 *
 * @param into the target folder; by default a temporary folder that is removed with this process
 */
export async function packageTarball(onLine?: (line: string) => void, into?: string): Promise<string> {
	const ready = process.env[tarballVariable];
	if (ready !== undefined && ready !== '') return ready;
	const options = { cwd: projectFolder, env: toolEnvironment(), ...(onLine && { onLine }) };
	await npm(['run', 'build'], options);
	const folder = into ?? (await temporaryFolder('package'));
	await npm(['pack', '--pack-destination', folder, '--ignore-scripts', '--silent'], options);
	const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
	if (name === undefined) throw new Error('npm pack created no tarball.');
	return join(folder, name);
}
