import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { Contract } from '../contract/contract';
import { readContract } from '../contract/read';
import { readReleased } from '../contract/released';
import type { CheckOutcome, CheckContext } from './check';
import { readManifest } from './manifest';

/** `## 1.2.3 (2026-05-04)`, or `(not released)` before the release. */
const HEADING = /^## (\S+) \((not released|\d{4}-\d{2}-\d{2})\)$/;

/** Newer versions come first. */
const asNumbers = (version: string): number[] => version.split('.').map(Number);

function isNewer(one: string, other: string): boolean {
	const [left, right] = [asNumbers(one), asNumbers(other)];
	const at = left.findIndex((part, index) => part !== right[index]);
	return at !== -1 && (left[at] ?? 0) > (right[at] ?? 0);
}

/** Problems with the version, its entry in the changelog, and the tag of the publication, if any. */
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
		// Otherwise npm reports this after everything else is done.
		problems.push(`package.json: ${version} is not a plain version such as 1.2.3: npm only publishes it with --tag, which publish.yml does not set`);
	}
	if (tag !== `v${version}`) problems.push(`the tag is ${tag}, but package.json has ${version}: the tag must be v${version}`);
	if (first?.date === 'not released') problems.push(`CHANGELOG.md: ${version} is to be released and has no date`);
	return problems;
}

/** Problems with the recorded contract of the published version, which the next release is compared with. */
export function recordProblems(present: Contract, released: Contract | undefined): string[] {
	const remedy = 'run npm run contract -- --release, commit, and move the tag';
	if (released === undefined) return [`contract/released.json is missing: ${remedy}`];
	if (released.version !== present.version) {
		return [`contract/released.json is that of ${released.version}, but ${present.version} is to be published: ${remedy}`];
	}
	// As read from the file: JSON omits undefined values.
	const same = isDeepStrictEqual(released, JSON.parse(JSON.stringify(present)));
	return same ? [] : [`contract/released.json is not what ${present.version} promises: ${remedy}`];
}

/** Whether the version, the changelog, the tag and the recorded contract match. */
export async function version({ root, tag }: CheckContext): Promise<CheckOutcome> {
	const manifest = await readManifest(root);
	const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
	const unrecorded = tag === undefined ? [] : recordProblems(await readContract(root), await readReleased(root));
	return {
		summary: `${manifest.version} is in the changelog${tag === undefined ? '' : `, and is what ${tag} publishes`}`,
		problems: [...versionProblems(manifest.version, changelog, tag), ...unrecorded],
	};
}
