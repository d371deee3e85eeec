import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { projectFolder } from '../../harness/packageTarball';
import type { BuiltCopy } from './builtCopy';
import { builtCopy } from './builtCopy';
import type { CheckContext } from './check';
import { lines, succeeded } from './command';
import { readManifest } from './manifest';

/** The command-line options that checks use. */
export type CheckOptions = Pick<CheckContext, 'tag' | 'licenseFile'>;

/** The folders of all package.json files with dependencies. */
async function packageFolders(root: string, files: string[]): Promise<string[]> {
	const folders: string[] = [];
	for (const file of files.filter((path) => /(^|\/)package\.json$/.test(path))) {
		const manifest = JSON.parse(await readFile(join(root, file), 'utf8')) as Partial<Record<'dependencies' | 'devDependencies', object>>;
		if (manifest.dependencies !== undefined || manifest.devDependencies !== undefined) folders.push(file === 'package.json' ? '' : dirname(file));
	}
	return folders.sort();
}

/** The context of all checks of one run. `close` removes the copy, if one was created. */
export async function openContext(wishes: CheckOptions): Promise<{ given: CheckContext; close: () => Promise<void> }> {
	const root = projectFolder;
	const files = lines(await succeeded('git', ['ls-files'], root)).filter((file) => existsSync(join(root, file)));
	const { name } = await readManifest(root);
	let made: Promise<BuiltCopy> | undefined;
	return {
		given: {
			root,
			files,
			packages: await packageFolders(root, files),
			copy: async () => await (made ??= builtCopy(root, files, name)),
			...wishes,
			underCi: !['', '0', 'false', undefined].includes(process.env['CI']),
		},
		// A copy that failed was reported, and is removed with this process.
		close: async () => await made?.then(async (copy) => await copy.remove(), () => undefined),
	};
}
