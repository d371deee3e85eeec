import { program } from 'commander';
import { randomBytes } from 'node:crypto';

import { forgetSecrets } from '../harness/environment';
import { removeFolder, temporaryFolder } from '../harness/guard';
import { duration } from '../harness/progress';
import { testRunVariable } from '../harness/testRun';
import { leftovers } from './test/leftovers';
import { installAhead, NotRunError } from './test/needs';
import { runStep } from './test/run';
import type { Choice, TestStep } from './test/suites';
import { chooseSteps, groupSteps, mustRun, namesOfSteps } from './test/suites';
import type { TestTally } from './test/tally';

program
	.name('npm test --')
	.description('Builds, checks and tests the package. The last line counts what passed, failed and did not run.')
	.option('--all', 'run also the steps that need a real n8n, Redis, PostgreSQL or Chromium')
	.option('--only <names...>', `run only these steps: ${namesOfSteps}`)
	.option('--update-docs', 'have the suites update the generated files in docs/')
	.argument('[for-jest...]', 'after --only <suites> --: part of the path of a test file, -t "part of a test\'s name", or other arguments of jest');

const choice = program.parse().opts<Choice & { updateDocs?: true }>();

function chosen(): TestStep[] {
	try {
		return chooseSteps(choice, program.args);
	} catch (error) {
		return program.error(error instanceof Error ? error.message : String(error));
	}
}

/** The result of a step: its counts, or why it could not run. */
type Result = TestTally & { notRun?: string };

/** A step that throws counts as failed, or as not run if this machine lacks something that is not installed everywhere. */
function resultOf(error: unknown): Result {
	const expected = error instanceof NotRunError;
	const reason = expected ? error.cause : error;
	console.log(reason instanceof Error ? reason.message : String(reason));
	const failed = expected && !mustRun(choice, process.env['CI']) ? 0 : 1;
	return { passed: 0, failed, ...(expected && { notRun: error.message }) };
}

/** Runs a step and shows its time and counts. */
async function report(step: TestStep, folder: string, parallel: boolean): Promise<Result> {
	const started = Date.now();
	const result: Result = await runStep(step, folder, parallel).catch(resultOf);
	const good = result.notRun !== undefined ? 'not run' : step.kind === 'jest' ? `${result.passed} passed` : 'ok';
	console.log(`── ${step.name}: ${result.failed > 0 ? `FAILED (${result.failed})` : good}, ${duration(Date.now() - started)}`);
	return result;
}

async function main(selected: TestStep[], run: string): Promise<number> {
	const started = Date.now();
	const folder = await temporaryFolder('results');
	const results = new Map<TestStep, Result>();
	// This only saves time: the suite that needs an n8n reports errors.
	if (choice.all && choice.only === undefined) {
		try {
			installAhead();
		} catch (error) {
			console.log(String(error));
		}
	}
	for (const lanes of groupSteps(selected)) {
		console.log(`\n── ${lanes.map((lane) => lane.map(({ name }) => name).join(', ')).join(' in parallel with ')} ──`);
		await Promise.all(
			lanes.map(async (lane) => {
				for (const step of lane) results.set(step, await report(step, folder, lanes.length > 1));
			}),
		);
	}
	await removeFolder(folder);
	const left = (await leftovers(run).catch((error: unknown) => [String(error)])).map((what) => `LEFT BEHIND: ${what}`);
	const all = [...results.values()];
	const failedSteps = selected.filter((step) => (results.get(step)?.failed ?? 0) > 0).map(({ name }) => `FAILED: ${name}`);
	const passed = all.reduce((sum, result) => sum + result.passed, 0);
	const failed = all.reduce((sum, result) => sum + result.failed, left.length);
	const reasons = all.flatMap(({ notRun }) => notRun ?? []);
	const notRun = all.filter((result) => result.notRun !== undefined && result.failed === 0).length;
	const counts = `${passed} passed, ${failed} failed, ${notRun} not run, ${duration(Date.now() - started)} in all`;
	console.log(['', ...left, ...failedSteps, ...reasons, counts].join('\n'));
	return failed === 0 ? 0 : 1;
}

const selected = chosen();
const run = randomBytes(4).toString('hex');
process.env[testRunVariable] = run;
if (choice.updateDocs === true) process.env['UPDATE_DOCS'] = '1';
forgetSecrets();
main(selected, run)
	.catch((error: unknown) => {
		console.error(error);
		return 1;
	})
	.then((code) => process.exit(code));
