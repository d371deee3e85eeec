import type { Need } from './needs';

/** One step of `npm test`. */
export type TestStep =
	/** An npm script. It passes or fails as a whole; a quiet one shows its output only if it fails. */
	| { name: string; kind: 'script'; script: string; quiet?: true; onlyWithAll?: true }
	/** A jest project, and what it needs before it starts. */
	| { name: string; kind: 'jest'; args: string[]; needs: readonly Need[]; onlyWithAll?: true };

/** Runs one file after another: two real n8ns are enough for two cores. */
const inBand = ['--runInBand'];

/** Groups of steps, one after the other. The lanes of a group run in parallel, the steps of a lane one after the other. */
const groups: TestStep[][][] = [
	[[{ name: 'build', kind: 'script', script: 'build', quiet: true }]],
	[[{ name: 'lint', kind: 'script', script: 'lint', quiet: true }], [{ name: 'typecheck', kind: 'script', script: 'typecheck', quiet: true }]],
	[[{ name: 'unit', kind: 'jest', args: [], needs: [] }]],
	[[{ name: 'sandbox', kind: 'jest', args: [], needs: [] }]],
	[[{ name: 'engine', kind: 'jest', args: [], needs: [] }]],
	// A real n8n mostly waits. The browser is busy while the first queue tests wait.
	[
		[{ name: 'queue', kind: 'jest', args: inBand, needs: ['services', 'n8n', 'tarball'], onlyWithAll: true }],
		[
			{ name: 'browser', kind: 'jest', args: inBand, needs: ['chromium', 'n8n', 'tarball'], onlyWithAll: true },
			{ name: 'n8n', kind: 'jest', args: inBand, needs: ['n8n', 'tarball'], onlyWithAll: true },
			{ name: 'versions', kind: 'jest', args: inBand, needs: ['otherN8ns', 'tarball'], onlyWithAll: true },
		],
	],
	[[{ name: 'checks', kind: 'script', script: 'checks', onlyWithAll: true }]],
];

/** All steps, in order. */
export const steps: TestStep[] = groups.flat(2);

/** The selected steps. */
export interface Choice {
	only?: string[];
	all?: true;
}

/**
 * The steps to run: the named ones, or all, or those that need only this repository's npm packages.
 *
 * @param forJest arguments for jest, after the step's own
 * @throws RangeError if a named step does not exist, or the arguments for jest come without a named suite
 */
export function chooseSteps({ only, all }: Choice, forJest: readonly string[] = []): TestStep[] {
	const unknown = only?.find((name) => !steps.some((step) => step.name === name));
	if (unknown !== undefined) throw new RangeError(`Unknown step "${unknown}". Steps: ${namesOfSteps}.`);
	const chosen = steps.filter((step) => only?.includes(step.name) ?? (all === true || step.onlyWithAll !== true));
	if (forJest.length === 0) return chosen;
	return chosen.map((step) => {
		if (only !== undefined && step.kind === 'jest') return { ...step, args: [...step.args, ...forJest] };
		throw new RangeError(`"${forJest.join(' ')}" is for jest: name its suites, as in --only queue -- workers`);
	});
}

/** The chosen steps in their groups and lanes. */
export function groupSteps(chosen: readonly TestStep[]): TestStep[][][] {
	const inLane = (lane: TestStep[]): TestStep[] => lane.flatMap(({ name }) => chosen.find((step) => step.name === name) ?? []);
	return groups.map((lanes) => lanes.map(inLane).filter(({ length }) => length > 0)).filter(({ length }) => length > 0);
}

/** Whether a step that cannot run here fails the run: a named one, and under CI each one. */
export const mustRun = ({ only }: Choice, ci: string | undefined): boolean => only !== undefined || !['', '0', 'false', undefined].includes(ci);

export const namesOfSteps = steps.map(({ name }) => name).join(', ');
