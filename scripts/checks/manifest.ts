import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The part of package.json that the checks read. */
export interface Manifest {
	name: string;
	version: string;
	license: string;
	homepage: string;
	repository: { url: string };
	scripts?: Record<string, string>;
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	bundleDependencies?: string[] | boolean;
	bundledDependencies?: string[] | boolean;
}

/** The package.json of a folder. */
export async function readManifest(folder: string): Promise<Manifest> {
	return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Scripts that npm runs on the user's machine. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];

/** Packages that npm would install with the package, and scripts that would run during the installation. */
export function manifestProblems(manifest: Manifest): string[] {
	const scripts = INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name] !== undefined);
	return [...runtimeDependencies(manifest).map((name) => `package.json: ${name} is a runtime dependency`), ...scripts.map((name) => `package.json: the script "${name}" runs when users install`)];
}

/** The names of the packages that npm installs with the package. */
export function runtimeDependencies(manifest: Manifest): string[] {
	const bundled = [manifest.bundleDependencies, manifest.bundledDependencies].flatMap((list) =>
		Array.isArray(list) ? list : list === true ? ['(all, bundled)'] : [],
	);
	return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.optionalDependencies ?? {}), ...bundled];
}
