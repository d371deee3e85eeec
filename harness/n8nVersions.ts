import { engines } from '../package.json';
import { n8nVersion } from './cache';
import { ensureN8n } from './n8nInstall';
import type { Report } from './progress';

/** Other versions for the suite `versions`, separated by spaces or commas. */
export const versionsVariable = 'N8N_VERSIONS';

/** The oldest n8n that the package supports, from `engines` in package.json. */
export const oldestN8n = engines.n8n.replace(/^>=/, '');

/**
 * The versions of n8n for the suite `versions`: those of the environment variable, or the oldest. The suite `n8n` runs the
 * usual one.
 */
export function chosenN8nVersions(): string[] {
	const named = (process.env[versionsVariable] ?? '').split(/[\s,]+/).filter((name) => name !== '');
	const wrong = named.find((name) => !/^\d+\.\d+\.\d+\S*$/.test(name));
	if (wrong !== undefined) throw new Error(`${versionsVariable} has an invalid version "${wrong}". For example, set "${oldestN8n} ${n8nVersion}".`);
	return [...new Set(named.length > 0 ? named : [oldestN8n])];
}

/** Installs all missing versions of `chosenN8nVersions`, one after the other. Throws like `ensureN8n`. */
export async function ensureN8nVersions(report: Report): Promise<void> {
	for (const version of chosenN8nVersions()) await ensureN8n(report, version);
}
