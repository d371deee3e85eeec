import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { CheckOutcome, CheckContext } from './check';
import { ended, lines } from './command';

/** Checks comments, names, messages and pages with the dictionaries of cspell.json. */
const READ = /\.(ts|mts|mjs|js|md|yml|node\.json)$|^package\.json$/;

/** English, British or American, in all texts for readers. */
export async function spelling({ root, files }: CheckContext): Promise<CheckOutcome> {
	const read = files.filter((file) => READ.test(file));
	const folder = await temporaryFolder('spelling');
	try {
		const list = join(folder, 'files.txt');
		await writeFile(list, read.map((file) => join(root, file)).join('\n'));
		const options = ['--no-progress', '--no-summary', '--no-color', '--dot', '--unique', '--show-suggestions'];
		const { good, stdout, output } = await ended('cspell', ['lint', ...options, '--file-list', list], root);
		const problems = lines(stdout).map((line) => line.replace(`${root}/`, ''));
		return { summary: `${read.length} files`, problems: good || problems.length > 0 ? problems : [`cspell: ${output}`] };
	} finally {
		await removeFolder(folder);
	}
}
