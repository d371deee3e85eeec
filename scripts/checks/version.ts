import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { Contract } from '../contract/contract';
import { readContract } from '../contract/read';
import { readReleased } from '../contract/released';
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
	if (/^\d+\.\d+\.\d+[-+]/.test(version)) {
		// npm would say so when all else has been done.
		problems.push(`package.json: ${version} is no plain version such as 1.2.3: npm refuses it unless it is given a tag of its own, and publish.yml gives none`);
	}
	if (tag !== `v${version}`) problems.push(`the tag is ${tag}, but package.json has ${version}: the tag must be v${version}`);
	if (first?.date === 'not released') problems.push(`CHANGELOG.md: ${version} is to be released and has no date`);
	return problems;
}

/** What is wrong with the recorded contract of a version that is to be published: the next release is compared with it. */
export function recordProblems(present: Contract, released: Contract | undefined): string[] {
	const remedy = 'run npm run contract -- --release, commit, and set the tag anew';
	if (released === undefined) return [`contract/released.json is missing: ${remedy}`];
	if (released.version !== present.version) {
		return [`contract/released.json is that of ${released.version}, but ${present.version} is to be published: ${remedy}`];
	}
	// As the file has it: JSON leaves out what is undefined.
	const same = isDeepStrictEqual(released, JSON.parse(JSON.stringify(present)));
	return same ? [] : [`contract/released.json is not what ${present.version} promises: ${remedy}`];
}

/** Whether the version, the changelog, the tag and the recorded contract agree. */
export async function version({ root, tag }: Surroundings): Promise<Outcome> {
	const manifest = await readManifest(root);
	const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
	const unrecorded = tag === undefined ? [] : recordProblems(await readContract(root), await readReleased(root));
	return {
		summary: `${manifest.version} is in the changelog${tag === undefined ? '' : `, and is what ${tag} publishes`}`,
		problems: [...versionProblems(manifest.version, changelog, tag), ...unrecorded],
	};
}
