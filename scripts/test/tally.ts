import { readFile } from 'node:fs/promises';

/** The number of passed and failed tests. */
export interface TestTally {
	passed: number;
	failed: number;
}

interface JestResults {
	numPassedTests: number;
	numFailedTests: number;
	/** Skipped tests. */
	numPendingTests: number;
	numTodoTests: number;
	/** Test files that could not be loaded. */
	numRuntimeErrorTestSuites: number;
}

/**
 * Counts a jest run from its JSON. A failed run counts as at least one failure, also without a result file; so does a run
 * without a test.
 * @param named whether tests were selected by name: jest then skips the others. Without it, a skipped test is a failure
 */
export async function jestTally(file: string, ranWell: boolean, named: boolean): Promise<TestTally> {
	const text = await readFile(file, 'utf8').catch(() => undefined);
	if (text === undefined) return { passed: 0, failed: 1 };
	const results = JSON.parse(text) as JestResults;
	const skipped = named ? 0 : results.numPendingTests + results.numTodoTests;
	if (skipped > 0) console.log(`${skipped} tests are skipped`);
	const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + skipped;
	const passed = results.numPassedTests;
	return { passed, failed: ranWell && passed > 0 ? failed : Math.max(1, failed) };
}
