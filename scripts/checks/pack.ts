import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CheckOutcome, CheckContext } from './check';
import { ended, lines } from './command';
import { manifestProblems, readManifest } from './manifest';
import { packedProblems } from './packedFiles';

/** In bytes, packed, without the README. Each process of n8n downloads a community node. */
const LIMIT = 88_000;

/** A closed port: a dry run needs no registry, and must not wait for one. */
const NO_REGISTRY = ['--registry', 'http://127.0.0.1:9/', '--fetch-retries', '0', '--fetch-timeout', '5000'];

/** The output of `npm publish --dry-run`. */
async function dryRun(folder: string): Promise<string[]> {
	const { good, output } = await ended('npm', ['publish', '--dry-run', '--ignore-scripts', ...NO_REGISTRY], folder);
	const refused = lines(output).filter((line) => /^npm (error|warn publish npm auto-corrected)/i.test(line));
	if (good && refused.length === 0) return [];
	return refused.length > 0 ? refused.map((line) => `npm publish --dry-run: ${line}`) : [`npm publish --dry-run: ${output}`];
}

/** Checks what users get: files, size, and no dependencies or install scripts. */
export async function pack({ copy }: CheckContext): Promise<CheckOutcome> {
	const { folder, unpacked, packed } = await copy();
	const readme = gzipSync(await readFile(join(unpacked, 'README.md'))).length;
	const bytes = packed.bytes - readme;
	const size = bytes.toLocaleString('en');
	return {
		summary: `${packed.files.length} files, ${size} of ${LIMIT.toLocaleString('en')} bytes without the README, no dependency, no install script; npm publish --dry-run works`,
		problems: [
			...packedProblems(packed.files),
			...(bytes > LIMIT ? [`the tarball has ${size} bytes without the README, ${bytes - LIMIT} too many`] : []),
			...manifestProblems(await readManifest(unpacked)),
			...(await dryRun(folder)),
		],
	};
}
