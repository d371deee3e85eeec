import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../../harness/guard';
import { ensureInstalled } from '../packages.mjs';
import type { CheckOutcome, CheckContext } from './check';
import { ended } from './command';

/** The part of jest's results that the check reads. */
interface Results {
	numPassedTests: number;
	testResults: { name: string; message: string }[];
}

/** Runs the tests of the tools: those in bench/, harness/ and scripts/, beside the code that they test. */
export async function tests({ root }: CheckContext): Promise<CheckOutcome> {
	await ensureInstalled('bench');
	const folder = await temporaryFolder('tools');
	try {
		const file = join(folder, 'results.json');
		const { good, output } = await ended('jest', ['--selectProjects', 'tools', '--json', '--outputFile', file], root);
		const results = await readFile(file, 'utf8').then((text) => JSON.parse(text) as Results, () => undefined);
		if (results === undefined) return { summary: 'jest did not run', problems: [output] };
		const failures = results.testResults.flatMap(({ message }) => (message === '' ? [] : [message]));
		return { summary: `${results.numPassedTests} tests of bench/, harness/ and scripts/`, problems: good || failures.length > 0 ? failures : [output] };
	} finally {
		await removeFolder(folder);
	}
}
