import { ESLint } from 'eslint';
import { join, relative } from 'node:path';

import { projectFolder } from '../../harness/packageTarball';
import type { CheckOutcome, CheckContext } from './check';

/** The files that the scanner reads, in the source and in the published package. */
const SOURCE = ['package.json', '{nodes,credentials}/**/*.{js,ts,json}'];
const PUBLISHED = ['**/*.js', 'package.json'];

/** Lints a folder with the scanner's rules. Comments cannot disable a rule. Warnings count. */
async function scanFolder(cwd: string, patterns: string[], what: string): Promise<CheckOutcome> {
	const eslint = new ESLint({ cwd, allowInlineConfig: false, overrideConfigFile: join(projectFolder, 'eslint.n8n.mjs') });
	const results = await eslint.lintFiles(patterns);
	const problems = results.flatMap(({ filePath, messages }) =>
		messages.map(({ line, ruleId, message }) => `${what}: ${relative(cwd, filePath)}:${line}: ${message} (${ruleId})`),
	);
	return { summary: `${results.length} files of ${what}`, problems };
}

/** n8n's scanner on the source and on the tarball, as n8n runs it before it verifies a package. */
export async function scan({ root, copy }: CheckContext): Promise<CheckOutcome> {
	const source = await scanFolder(root, SOURCE, 'the source');
	const published = await scanFolder((await copy()).unpacked, PUBLISHED, 'the tarball');
	return {
		summary: `${source.summary}, ${published.summary}: errors and warnings`,
		problems: [...source.problems, ...published.problems],
	};
}
