import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import satisfies from 'spdx-satisfies';

import { ALLOWED_LICENSES, REVIEWED } from './allowedLicenses';
import type { CheckOutcome, CheckContext } from './check';
import type { Lock } from './lock';
import { readLock } from './lock';

/** The name of the package at a path in node_modules. */
const nameAt = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

function allowed(name: string, license: string | undefined): boolean {
	if (REVIEWED.some(({ packages, said }) => packages.test(name) && said === license)) return true;
	if (license === undefined) return false;
	try {
		return satisfies(license, ALLOWED_LICENSES);
	} catch {
		// Not an SPDX expression.
		return false;
	}
}

interface Part {
	name: string;
	version: string;
	/** As in the lock; undefined if it has none. */
	license: string | undefined;
}

/** All packages of the locks, also for other platforms, each version once; without the project itself. */
function partsOf(locks: Lock[]): Part[] {
	const parts = locks.flatMap(({ packages }) => Object.entries(packages)).flatMap(([place, { license, version }]) => (place === '' ? [] : [{ name: nameAt(place), version: version ?? '?', license }]));
	return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}

const NO_LICENSE = 'none in the lock';

/** Checks the license of each package of the locks. */
export function licensesOutcome(locks: Lock[]): CheckOutcome {
	const parts = partsOf(locks);
	const counts = new Map<string, number>();
	for (const { license = NO_LICENSE } of parts) counts.set(license, (counts.get(license) ?? 0) + 1);
	const most = [...counts].sort(([, one], [, other]) => other - one).map(([license, count]) => `${count} ${license}`);
	return {
		summary: `${parts.length} packages, for developers only: ${most.join(', ')}`,
		problems: parts
			.filter(({ name, license }) => !allowed(name, license))
			.map(({ name, version, license = NO_LICENSE }) => `${name}@${version}: license ${license}`),
	};
}

/** A table of all packages of the locks: name, version, license, separated by tabs. */
export function licenseTable(locks: Lock[]): string {
	const reviewed = (name: string): string | undefined => REVIEWED.find(({ packages, said }) => said === undefined && packages.test(name))?.why;
	const rows = partsOf(locks).map(({ name, version, license }) => [name, version, license ?? reviewed(name) ?? NO_LICENSE].join('\t'));
	return `${['name\tversion\tlicense', ...rows.sort()].join('\n')}\n`;
}

/** Checks the licenses of all packages that developers install, and writes the list if requested. */
export async function licenses({ root, packages, licenseFile }: CheckContext): Promise<CheckOutcome> {
	const locks = await Promise.all(packages.map(async (folder) => await readLock(root, folder)));
	if (licenseFile !== undefined) {
		const file = resolve(root, licenseFile);
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, licenseTable(locks));
	}
	return licensesOutcome(locks);
}
