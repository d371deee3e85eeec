import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The part of a package-lock.json that the checks read. */
export interface Lock {
	packages: Record<
		string,
		{
			version?: string;
			license?: string;
			integrity?: string;
			dependencies?: Record<string, string>;
			devDependencies?: Record<string, string>;
		}
	>;
}

/** The lock of a package of this repository; `folder` is relative to the root. */
export async function readLock(root: string, folder: string): Promise<Lock> {
	return JSON.parse(await readFile(join(root, folder, 'package-lock.json'), 'utf8')) as Lock;
}
