import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { CheckOutcome, CheckContext } from './check';
import type { Lock } from './lock';
import { readLock } from './lock';

/** The part of a package.json that this check reads. */
export interface Pinned {
	private?: boolean;
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

const dependenciesOf = ({ dependencies, devDependencies }: Pinned): Record<string, string> => ({ ...dependencies, ...devDependencies });

/** Problems with the versions and the lock of one package. `where` is its folder. */
export function pinnedProblems(where: string, manifest: Pinned, { packages }: Lock): string[] {
	const loose = Object.entries(dependenciesOf(manifest)).filter(([, version]) => !EXACT.test(version));
	const unlocked = Object.entries(packages).filter(([place, { integrity }]) => place !== '' && integrity === undefined);
	return [
		...loose.map(([name, version]) => `${where}package.json: ${name} must have an exact version, not ${version}`),
		...unlocked.map(([place]) => `${where}package-lock.json: ${place} needs an integrity`),
		...(isDeepStrictEqual(dependenciesOf(packages[''] ?? {}), dependenciesOf(manifest))
			? []
			: [`${where}package-lock.json does not match package.json: run npm install in that folder`]),
	];
}

/** Dependencies that have another version in another package of this repository. */
export function versionConflicts(manifests: Record<string, Pinned>): string[] {
	const seen = new Map<string, { where: string; version: string }>();
	return Object.entries(manifests).flatMap(([where, manifest]) =>
		Object.entries(dependenciesOf(manifest)).flatMap(([name, version]) => {
			const first = seen.get(name);
			if (first === undefined) seen.set(name, { where, version });
			return first === undefined || first.version === version
				? []
				: [`${where}package.json: ${name} is ${version}, but ${first.version} in ${first.where}package.json`];
		}),
	);
}

/** Whether every package of this repository is locked to exact versions and known to Dependabot. */
export async function packages({ root, packages: folders }: CheckContext): Promise<CheckOutcome> {
	const npmrc = await readFile(join(root, '.npmrc'), 'utf8');
	const dependabot = await readFile(join(root, '.github', 'dependabot.yml'), 'utf8');
	const manifests: Record<string, Pinned> = {};
	const problems: string[] = [];
	for (const folder of folders) {
		const where = folder === '' ? '' : `${folder}/`;
		const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as Pinned;
		manifests[where] = manifest;
		problems.push(...pinnedProblems(where, manifest, await readLock(root, folder)));
		if (folder !== '' && manifest.private !== true) problems.push(`${where}package.json must be private`);
		const own = await readFile(join(root, folder, '.npmrc'), 'utf8').catch(() => undefined);
		if (own !== npmrc) problems.push(`${where}.npmrc must be the same as .npmrc`);
		if (!dependabot.includes(`'/${folder}'`)) problems.push(`.github/dependabot.yml does not name '/${folder}'`);
	}
	return { summary: folders.map((folder) => folder || 'the root').join(', '), problems: [...problems, ...versionConflicts(manifests)] };
}
