import type { Outcome, Surroundings } from './check';
import { ended } from './command';
import { readManifest, runtimeDependencies } from './manifest';

interface Audit {
	vulnerabilities?: Record<string, { name: string; severity: string }>;
	message?: string;
	error?: { summary?: string; code?: string };
}

/** What npm's answer means. Without an answer, only a package that ships nothing else can be called clean. */
export function judgeAudit(stdout: string, shipped: string[]): Outcome {
	let answer: Audit = {};
	try {
		answer = JSON.parse(stdout) as Audit;
	} catch {
		// No answer at all; the same as one without a list.
	}
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

/** The known faults of what ships. What only developers use does not count. */
export async function audit({ root, underCi }: Surroundings): Promise<Outcome> {
	const options = ['audit', '--omit=dev', '--json', '--fetch-retries', '0', '--fetch-timeout', '20000'];
	const { stdout } = await ended('npm', options, root);
	const outcome = judgeAudit(stdout, runtimeDependencies(await readManifest(root)));
	return underCi || stdout.includes('"vulnerabilities"') ? outcome : { ...outcome, problems: [] };
}
