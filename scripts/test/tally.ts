import { readFile } from 'node:fs/promises';

/** The number of passed and failed tests. */
export interface Tally {
	passed: number;
	failed: number;
}

interface JestResults {
	numPassedTests: number;
	numFailedTests: number;
	/** Test files that could not be loaded. */
	numRuntimeErrorTestSuites: number;
}

/** Counts a jest run from its JSON. A failed run counts as at least one failure, also without a result file. */
export async function jestTally(file: string, ranWell: boolean): Promise<Tally> {
	const text = await readFile(file, 'utf8').catch(() => undefined);
	if (text === undefined) return { passed: 0, failed: 1 };
	const results = JSON.parse(text) as JestResults;
	const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
	return { passed: results.numPassedTests, failed: ranWell ? failed : Math.max(1, failed) };
}
