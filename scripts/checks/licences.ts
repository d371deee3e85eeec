import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import satisfies from 'spdx-satisfies';

import { ALLOWED_LICENCES, LOOKED_AT } from './allowedLicences';
import type { Outcome, Surroundings } from './check';

/** What the checks read of package-lock.json. */
export interface Lock {
	packages: Record<string, { license?: string; version?: string; link?: boolean }>;
}

/** The name of the package at a place in node_modules. */
const nameAt = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

function allowed(name: string, licence: string | undefined): boolean {
	if (LOOKED_AT.some(({ packages, said }) => packages.test(name) && said === licence)) return true;
	if (licence === undefined) return false;
	try {
		return satisfies(licence, ALLOWED_LICENCES);
	} catch {
		// No SPDX expression.
		return false;
	}
}

/** The licence of each package of the lock, for other platforms too. One that is not allowed is a problem. */
export function judgeLicences(lock: Lock): Outcome {
	const counts = new Map<string, number>();
	const problems: string[] = [];
	for (const [place, { license, version }] of Object.entries(lock.packages)) {
		if (place === '') continue;
		const name = nameAt(place);
		const licence = license ?? 'none in the lock';
		counts.set(licence, (counts.get(licence) ?? 0) + 1);
		if (!allowed(name, license)) problems.push(`${name}@${version ?? '?'}: licence ${licence}`);
	}
	const most = [...counts].sort(([, one], [, other]) => other - one).map(([licence, count]) => `${count} ${licence}`);
	return { summary: `${Object.keys(lock.packages).length - 1} packages, for developers only: ${most.join(', ')}`, problems };
}

/** The licences of all that the lock brings to a developer's machine. */
export async function licences({ root }: Surroundings): Promise<Outcome> {
	return judgeLicences(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock);
}
