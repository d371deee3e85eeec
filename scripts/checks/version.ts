import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Outcome, Surroundings } from './check';
import { readManifest } from './manifest';

/** `## 1.2.3 (2026-05-04)`, or `(not released)` while it is being made. */
const HEADING = /^## (\S+) \((not released|\d{4}-\d{2}-\d{2})\)$/;

/** Newer versions come first. */
const asNumbers = (version: string): number[] => version.split('.').map(Number);

function isNewer(one: string, other: string): boolean {
	const [left, right] = [asNumbers(one), asNumbers(other)];
	const at = left.findIndex((part, index) => part !== right[index]);
	return at !== -1 && (left[at] ?? 0) > (right[at] ?? 0);
}

/** What is wrong with the version, its entry in the changelog, and the tag that is to be published, if any. */
export function versionProblems(version: string, changelog: string, tag?: string): string[] {
	const problems: string[] = [];
	const headings = changelog.split('\n').filter((line) => line.startsWith('## '));
	const entries = headings.flatMap((line) => {
		const [, number, date] = HEADING.exec(line) ?? [];
		if (number !== undefined && date !== undefined) return [{ number, date }];
		problems.push(`CHANGELOG.md: "${line}" is not "## <version> (<date, or: not released>)"`);
		return [];
	});
	const [first] = entries;
	if (first?.number !== version) {
		problems.push(`CHANGELOG.md: the first entry is ${first?.number ?? 'missing'}, but package.json has ${version}`);
	}
	entries.slice(1).forEach(({ number, date }, index) => {
		const above = entries[index]?.number ?? '';
		if (!isNewer(above, number)) problems.push(`CHANGELOG.md: ${above} stands above ${number} but is not newer`);
		if (date === 'not released') problems.push(`CHANGELOG.md: ${number} is "not released", but a newer version stands above it`);
	});
	if (tag === undefined) return problems;
	if (tag !== `v${version}`) problems.push(`the tag is ${tag}, but package.json has ${version}: the tag must be v${version}`);
	if (first?.date === 'not released') problems.push(`CHANGELOG.md: ${version} is to be released and has no date`);
	return problems;
}

/** Whether the version, the changelog and the tag agree. */
export async function version({ root, tag }: Surroundings): Promise<Outcome> {
	const manifest = await readManifest(root);
	const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
	return {
		summary: `${manifest.version} is in the changelog${tag === undefined ? '' : `, and is what ${tag} publishes`}`,
		problems: versionProblems(manifest.version, changelog, tag),
	};
}
