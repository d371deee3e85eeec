import { program } from 'commander';
import { randomBytes } from 'node:crypto';

import { forgetSecrets } from '../harness/environment';
import { removeFolder, temporaryFolder } from '../harness/guard';
import { testRunVariable } from '../harness/testRun';
import { leftOvers } from './test/leftOvers';
import { NotRunError } from './test/needs';
import { runStep } from './test/run';
import type { Choice, Step } from './test/suites';
import { chooseSteps, mustRun, namesOfSteps } from './test/suites';
import type { Tally } from './test/tally';

program
	.name('npm test --')
	.description('Builds, checks and tests the package; the last line says how many tests passed and failed.')
	.option('--all', 'run also the steps that need more than npm and a compiler')
	.option('--only <names...>', `run these steps only: ${namesOfSteps}`)
	.option('--update-docs', 'have the suites write what they draw and list into docs/')
	.argument('[for-jest...]', 'after --only <suites> --: part of the path of a test file, -t "part of a test\'s name", or what else jest takes');

const choice = program.parse().opts<Choice & { updateDocs?: true }>();

function chosen(): Step[] {
	try {
		return chooseSteps(choice, program.args);
	} catch (error) {
		return program.error(error instanceof Error ? error.message : String(error));
	}
}

/** Runs a step and tells its name, time and counts. */
async function report(step: Step, folder: string, notRun: string[]): Promise<Tally> {
	const started = Date.now();
	console.log(`\n── ${step.name} ──`);
	let tally: Tally;
	try {
		tally = await runStep(step, folder);
	} catch (error) {
		const expected = error instanceof NotRunError;
		const told = expected ? error.cause : error;
		console.log(told instanceof Error ? told.message : String(told));
		if (expected) notRun.push(error.message);
		tally = { passed: 0, failed: expected && !mustRun(choice, process.env['CI']) ? 0 : 1 };
	}
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	const outcome = tally.failed > 0 ? `FAILED (${tally.failed})` : step.kind === 'jest' ? `${tally.passed} passed` : 'ok';
	console.log(`── ${step.name}: ${outcome}, ${seconds} s`);
	return tally;
}

async function main(selected: Step[], run: string): Promise<number> {
	const folder = await temporaryFolder('results');
	const total = { passed: 0, failed: 0 };
	const notRun: string[] = [];
	for (const step of selected) {
		const { passed, failed } = await report(step, folder, notRun);
		total.passed += passed;
		total.failed += failed;
	}
	await removeFolder(folder);
	const left = (await leftOvers(run)).map((what) => `LEFT BEHIND: ${what}`);
	total.failed += left.length;
	console.log(['', ...left, ...notRun, `${total.passed} passed, ${total.failed} failed`].join('\n'));
	return total.failed === 0 ? 0 : 1;
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
