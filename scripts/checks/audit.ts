import { join } from 'node:path';

import type { CheckOutcome, CheckContext } from './check';
import { ended } from './command';
import { readManifest, runtimeDependencies } from './manifest';

interface Audit {
	vulnerabilities?: Record<string, { name: string; severity: string }>;
	message?: string;
	error?: { summary?: string; code?: string };
}

/** npm's report. Output that is not JSON counts as a report without a list. */
function parsed(stdout: string): Audit {
	try {
		return JSON.parse(stdout) as Audit;
	} catch {
		return {};
	}
}

/** The outcome of npm's report. Without one, only a package that publishes no dependencies passes. */
export function auditOutcome(stdout: string, shipped: string[]): CheckOutcome {
	const response = parsed(stdout);
	if (response.vulnerabilities !== undefined) {
		return {
			summary: `${shipped.length} packages are published with this one`,
			problems: Object.values(response.vulnerabilities).map(({ name, severity }) => `${name}: ${severity}`),
		};
	}
	return {
		summary: 'the registry does not respond; no package is published with this one, so there is nothing to check',
		problems: shipped.map((name) => `${name}: is published with this package, and the registry does not respond`),
	};
}

const NPM_AUDIT = ['audit', '--json', '--package-lock-only', '--fetch-retries', '0', '--fetch-timeout', '20000'];

/** The number of tools with known vulnerabilities, in all locks; undefined if the registry does not respond. */
async function vulnerableTools({ root, packages }: CheckContext): Promise<number | undefined> {
	const vulnerable = new Set<string>();
	for (const folder of packages) {
		const { stdout } = await ended('npm', NPM_AUDIT, join(root, folder));
		const { vulnerabilities } = parsed(stdout);
		if (vulnerabilities === undefined) return undefined;
		for (const name of Object.keys(vulnerabilities)) vulnerable.add(name);
	}
	return vulnerable.size;
}

/** Known vulnerabilities of published packages. Those of the tools are only counted: they reach no user. */
export async function audit(given: CheckContext): Promise<CheckOutcome> {
	const { root, underCi } = given;
	const { stdout } = await ended('npm', [...NPM_AUDIT, '--omit=dev'], root);
	const outcome = auditOutcome(stdout, runtimeDependencies(await readManifest(root)));
	if (parsed(stdout).vulnerabilities === undefined) return underCi ? outcome : { ...outcome, problems: [] };
	const tools = await vulnerableTools(given);
	return tools === undefined ? outcome : { ...outcome, summary: `${outcome.summary}; ${tools} packages of the tools have known vulnerabilities` };
}
