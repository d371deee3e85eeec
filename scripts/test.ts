import { program } from 'commander';

import { forgetSecrets } from '../harness/environment';
import { removeFolder, temporaryFolder } from '../harness/guard';
import { NotRunError, runStep } from './test/run';
import type { Step } from './test/suites';
import { steps } from './test/suites';
import type { Tally } from './test/tally';

const names = steps.map(({ name }) => name).join(', ');

program
	.name('npm test --')
	.description('Builds, checks and tests the package; the last line says how many tests passed and failed.')
	.option('--only <names...>', `run these steps only: ${names}`);

function chosen(only: string[] | undefined): Step[] {
	const unknown = only?.find((name) => !steps.some((step) => step.name === name));
	if (unknown !== undefined) program.error(`There is no step "${unknown}". Steps: ${names}.`);
	return steps.filter(({ name }) => only?.includes(name) ?? true);
}

const underCi = (): boolean => !['', '0', 'false', undefined].includes(process.env['CI']);

/** Runs a step and tells its name, time and counts. What cannot run here fails under CI only. */
async function report(step: Step, folder: string, notRun: string[]): Promise<Tally> {
	const started = Date.now();
	console.log(`\n── ${step.name} ──`);
	let tally: Tally;
	try {
		tally = await runStep(step, folder);
	} catch (error) {
		const expected = error instanceof NotRunError;
		console.log(error instanceof Error ? error.message : String(error));
		if (expected) notRun.push(error.message);
		tally = { passed: 0, failed: expected && !underCi() ? 0 : 1 };
	}
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	const outcome = tally.failed > 0 ? `FAILED (${tally.failed})` : step.kind === 'jest' ? `${tally.passed} passed` : 'ok';
	console.log(`── ${step.name}: ${outcome}, ${seconds} s`);
	return tally;
}

async function main(selected: Step[]): Promise<number> {
	const folder = await temporaryFolder('results');
	const total = { passed: 0, failed: 0 };
	const notRun: string[] = [];
	for (const step of selected) {
		const { passed, failed } = await report(step, folder, notRun);
		total.passed += passed;
		total.failed += failed;
	}
	await removeFolder(folder);
	console.log(['', ...notRun, `${total.passed} passed, ${total.failed} failed`].join('\n'));
	return total.failed === 0 ? 0 : 1;
}

forgetSecrets();
main(chosen(program.parse().opts<{ only?: string[] }>().only))
	.catch((error: unknown) => {
		console.error(error);
		return 1;
	})
	.then((code) => process.exit(code));
