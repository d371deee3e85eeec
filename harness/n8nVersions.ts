import { engines } from '../package.json';
import { n8nVersion } from './cache';
import { ensureN8n } from './n8nInstall';
import type { Report } from './progress';

/** Names other versions for the suite `versions`, with spaces or commas between them. */
export const versionsVariable = 'N8N_VERSIONS';

/** The oldest n8n that the package claims to run in, from `engines` in package.json. */
export const oldestN8n = engines.n8n.replace(/^>=/, '');

/** The versions of n8n for the suite `versions`: those that the environment names, else the oldest. The suite `n8n` runs the usual one. */
export function chosenN8nVersions(): string[] {
	const named = (process.env[versionsVariable] ?? '').split(/[\s,]+/).filter((name) => name !== '');
	const wrong = named.find((name) => !/^\d+\.\d+\.\d+\S*$/.test(name));
	if (wrong !== undefined) throw new Error(`${versionsVariable} names "${wrong}", which is no version of n8n. It takes, for example, "${oldestN8n} ${n8nVersion}".`);
	return [...new Set(named.length > 0 ? named : [oldestN8n])];
}

/** Brings all versions of `chosenN8nVersions` that are not there yet, one after the other. Throws as `ensureN8n` does. */
export async function ensureN8nVersions(report: Report): Promise<void> {
	for (const version of chosenN8nVersions()) await ensureN8n(report, version);
}
