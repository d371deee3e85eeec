/** What a jest run counts for. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jestTally } from './tally';

let folder = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tally-'));
	jest.spyOn(console, 'log').mockReturnValue(undefined);
});
afterAll(async () => await rm(folder, { recursive: true }));

const all = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 };

test.each([
	['all tests pass', {}, true, false, 0],
	['tests fail', { numFailedTests: 2 }, false, false, 2],
	['a file cannot be loaded', { numRuntimeErrorTestSuites: 1 }, false, false, 1],
	['jest fails after the tests', {}, false, false, 1],
	['a test is skipped', { numPendingTests: 1 }, true, false, 1],
	['a test is only planned', { numTodoTests: 1 }, true, false, 1],
	['tests are skipped because others were named', { numPendingTests: 1 }, true, true, 0],
	['no test has the name', { numPassedTests: 0, numPendingTests: 4 }, true, true, 1],
] as const)('%s', async (_, counts, ranWell, named, failed) => {
	const file = join(folder, 'results.json');
	await writeFile(file, JSON.stringify({ ...all, ...counts }));
	expect((await jestTally(file, ranWell, named)).failed).toBe(failed);
});

test('a run without a result file has failed', async () => {
	expect(await jestTally(join(folder, 'missing.json'), true, false)).toEqual({ passed: 0, failed: 1 });
});
