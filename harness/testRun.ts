/**
 * Names one run of `npm test`. All its processes inherit it, and the names of temporary folders, databases and keys
 * contain it, so that leftovers of the run can be told from those of concurrent runs.
 */
export const testRunVariable = 'TEST_RUN_ID';

/** Prefix for the names of everything that must not outlive the run. */
export function nameOfRun(prefix: string, separator: string): string {
	const run = process.env[testRunVariable];
	return run === undefined || run === '' ? prefix : `${prefix}${run}${separator}`;
}
