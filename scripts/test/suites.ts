import type { Need } from './needs';

/** The steps of `npm test`, in order. */
export type Step =
	/** An npm script. It passes or fails as a whole; a quiet one shows its output only if it fails. */
	| (StepOptions & { kind: 'script'; script: string; quiet?: true })
	/** A jest project, and what it needs before it starts. */
	| (StepOptions & { kind: 'jest'; args: string[]; needs: readonly Need[] });

interface StepOptions {
	name: string;
	/** Neighbors with different lanes run at the same time. */
	lane?: 1 | 2;
	onlyWithAll?: true;
}

/** Runs one file after another, since the files share an n8n. */
const inBand = ['--runInBand'];

export const steps: Step[] = [
	{ name: 'build', kind: 'script', script: 'build', quiet: true },
	{ name: 'lint', kind: 'script', script: 'lint', quiet: true, lane: 1 },
	{ name: 'typecheck', kind: 'script', script: 'typecheck', quiet: true, lane: 2 },
	{ name: 'unit', kind: 'jest', args: [], needs: [] },
	{ name: 'sandbox', kind: 'jest', args: [], needs: [] },
	{ name: 'engine', kind: 'jest', args: [], needs: [] },
	// A real n8n mostly waits, and two of them use two cores better than one. The browser is busy while the first queue tests wait.
	{ name: 'queue', kind: 'jest', args: inBand, needs: ['services', 'n8n', 'tarball'], lane: 1, onlyWithAll: true },
	{ name: 'browser', kind: 'jest', args: inBand, needs: ['chromium', 'n8n', 'tarball'], lane: 2, onlyWithAll: true },
	{ name: 'n8n', kind: 'jest', args: inBand, needs: ['n8n', 'tarball'], lane: 2, onlyWithAll: true },
	{ name: 'versions', kind: 'jest', args: inBand, needs: ['otherN8ns', 'tarball'], lane: 2, onlyWithAll: true },
	{ name: 'checks', kind: 'script', script: 'checks', onlyWithAll: true },
];

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
export function chooseSteps({ only, all }: Choice, forJest: readonly string[] = []): Step[] {
	const unknown = only?.find((name) => !steps.some((step) => step.name === name));
	if (unknown !== undefined) throw new RangeError(`Unknown step "${unknown}". Steps: ${namesOfSteps}.`);
	const chosen = steps.filter((step) => only?.includes(step.name) ?? (all === true || step.onlyWithAll !== true));
	if (forJest.length === 0) return chosen;
	return chosen.map((step) => {
		if (only !== undefined && step.kind === 'jest') return { ...step, args: [...step.args, ...forJest] };
		throw new RangeError(`"${forJest.join(' ')}" is for jest: name its suites, as in --only queue -- workers`);
	});
}

/**
 * The steps in groups, one after the other. The lanes of a group run at the same time, the steps of a lane one after the other.
 */
export function groupSteps(chosen: readonly Step[]): Step[][][] {
	const groups: Step[][][] = [];
	for (const [i, step] of chosen.entries()) {
		const group = groups.at(-1);
		if (group === undefined || step.lane === undefined || chosen[i - 1]?.lane === undefined) {
			groups.push([[step]]);
			continue;
		}
		const lane = group.find(([first]) => first?.lane === step.lane);
		if (lane === undefined) group.push([step]);
		else lane.push(step);
	}
	return groups;
}

/** Whether a step that cannot run here fails the run: a named one, and under CI each one. */
export const mustRun = ({ only }: Choice, ci: string | undefined): boolean => only !== undefined || !['', '0', 'false', undefined].includes(ci);

export const namesOfSteps = steps.map(({ name }) => name).join(', ');
