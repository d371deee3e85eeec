/**
 * Names one run of `npm test`. All its processes inherit it, and what they make (temporary folders, databases, keys)
 * carries it in the name, so that what is left at the end can be told from what others make at the same time.
 */
export const testRunVariable = 'TEST_RUN_ID';

/** The start of a name for something that must not outlive the run. */
export function nameOfRun(prefix: string, separator: string): string {
	const run = process.env[testRunVariable];
	return run === undefined || run === '' ? prefix : `${prefix}${run}${separator}`;
}
