import { join } from 'node:path';

import type { Outcome, Surroundings } from './check';
import { ended } from './command';
import { readManifest, runtimeDependencies } from './manifest';

interface Audit {
	vulnerabilities?: Record<string, { name: string; severity: string }>;
	message?: string;
	error?: { summary?: string; code?: string };
}

/** npm's answer. No JSON means the same as an answer without a list. */
function parsed(stdout: string): Audit {
	try {
		return JSON.parse(stdout) as Audit;
	} catch {
		return {};
	}
}

/** What npm's answer means. Without an answer, only a package that ships nothing else can be called clean. */
export function judgeAudit(stdout: string, shipped: string[]): Outcome {
	const answer = parsed(stdout);
	if (answer.vulnerabilities !== undefined) {
		return {
			summary: `${shipped.length} packages ship with this one`,
			problems: Object.values(answer.vulnerabilities).map(({ name, severity }) => `${name}: ${severity}`),
		};
	}
	return {
		summary: 'the registry does not answer; nothing ships with this package, so there is nothing to ask about',
		problems: shipped.map((name) => `${name}: ships with this package, and the registry does not answer`),
	};
}

const NPM_AUDIT = ['audit', '--json', '--package-lock-only', '--fetch-retries', '0', '--fetch-timeout', '20000'];

/** How many packages with known faults the tools bring, in all locks; undefined if the registry does not answer. */
async function faultyTools({ root, packages }: Surroundings): Promise<number | undefined> {
	const faulty = new Set<string>();
	for (const folder of packages) {
		const { stdout } = await ended('npm', NPM_AUDIT, join(root, folder));
		const { vulnerabilities } = parsed(stdout);
		if (vulnerabilities === undefined) return undefined;
		for (const name of Object.keys(vulnerabilities)) faulty.add(name);
	}
	return faulty.size;
}

/** The known faults of what ships. Those of the tools are counted: they reach no user. */
export async function audit(given: Surroundings): Promise<Outcome> {
	const { root, underCi } = given;
	const { stdout } = await ended('npm', [...NPM_AUDIT, '--omit=dev'], root);
	const outcome = judgeAudit(stdout, runtimeDependencies(await readManifest(root)));
	if (parsed(stdout).vulnerabilities === undefined) return underCi ? outcome : { ...outcome, problems: [] };
	const tools = await faultyTools(given);
	return tools === undefined ? outcome : { ...outcome, summary: `${outcome.summary}; ${tools} packages of the tools have known faults` };
}
