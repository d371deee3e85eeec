import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ensureInstalled } from '../packages.mjs';
import type { CheckOutcome, CheckContext } from './check';
import { ended, lines } from './command';

/** Checks the types of the code that needs a private package; `npm run typecheck` covers the rest. */
export async function types({ root, packages }: CheckContext): Promise<CheckOutcome> {
	const projects = packages.filter((folder) => folder !== '' && existsSync(join(root, folder, 'tsconfig.json')));
	const problems: string[] = [];
	for (const folder of projects) {
		await ensureInstalled(folder);
		const { good, output } = await ended('tsc', ['-p', join(folder, 'tsconfig.json')], root);
		if (!good) problems.push(...lines(output));
	}
	return { summary: projects.join(', '), problems };
}
