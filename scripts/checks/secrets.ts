import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import type { CheckOutcome, CheckContext } from './check';

const BINARY = /\.(mp4|png|tgz|ico|jpe?g|webp)$/;

/** The name and password of test URLs. */
const EXAMPLES = [{ id: '@secretlint/secretlint-rule-basicauth', options: { allows: ['/:\\/\\/(user)?:secret@/'] } }];

/** Whether a tracked file contains what looks like a real token, key or password. Its output is masked. */
export async function secrets({ root, files }: CheckContext): Promise<CheckOutcome> {
	const { lintSource } = await import('@secretlint/core');
	const preset = await import('@secretlint/secretlint-rule-preset-recommend');
	const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: preset.creator, rules: EXAMPLES }] };
	const texts = files.filter((file) => !BINARY.test(file));
	const problems: string[] = [];
	for (const file of texts) {
		const content = await readFile(join(root, file), 'utf8');
		const source = { filePath: join(root, file), content, ext: extname(file), contentType: 'text' as const };
		const { messages } = await lintSource({ source, options: { config, maskSecrets: true } });
		problems.push(...messages.map(({ loc, message }) => `${file}:${loc.start.line}: ${message}`));
	}
	return { summary: `${texts.length} files`, problems };
}
