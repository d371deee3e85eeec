import type { Need } from './needs';

/** What `npm test` does, in this order. */
export type Step =
	/** An npm script; it passes or fails as a whole. */
	| { name: string; kind: 'script'; script: string; onlyWithAll?: true }
	/** A jest project, and what must be there before it starts. */
	| { name: string; kind: 'jest'; args: string[]; needs: readonly Need[]; onlyWithAll?: true };

/** One file after another: each starts its own n8n, which alone fills a small machine. */
const inBand = ['--runInBand'];

export const steps: Step[] = [
	{ name: 'build', kind: 'script', script: 'build' },
	{ name: 'typecheck', kind: 'script', script: 'typecheck' },
	{ name: 'lint', kind: 'script', script: 'lint' },
	{ name: 'unit', kind: 'jest', args: [], needs: [] },
	{ name: 'sandbox', kind: 'jest', args: [], needs: [] },
	{ name: 'engine', kind: 'jest', args: [], needs: [] },
	{ name: 'n8n', kind: 'jest', args: inBand, needs: ['n8n', 'tarball'] },
	{ name: 'checks', kind: 'script', script: 'checks', onlyWithAll: true },
	{ name: 'versions', kind: 'jest', args: inBand, needs: ['otherN8ns', 'tarball'], onlyWithAll: true },
	{ name: 'queue', kind: 'jest', args: inBand, needs: ['services', 'n8n', 'tarball'], onlyWithAll: true },
	{ name: 'browser', kind: 'jest', args: inBand, needs: ['chromium', 'n8n', 'tarball'], onlyWithAll: true },
];

/** Which steps the user asks for. */
export interface Choice {
	only?: string[];
	all?: true;
}

/**
 * The steps to run: those that are named, or all, or all that need nothing but npm and a compiler.
 *
 * @param forJest goes to jest as it is, behind the step's own arguments
 * @throws RangeError when one that is named does not exist, or one has no use for these arguments
 */
export function chooseSteps({ only, all }: Choice, forJest: readonly string[] = []): Step[] {
	const unknown = only?.find((name) => !steps.some((step) => step.name === name));
	if (unknown !== undefined) throw new RangeError(`There is no step "${unknown}". Steps: ${namesOfSteps}.`);
	const chosen = steps.filter((step) => only?.includes(step.name) ?? (all === true || step.onlyWithAll !== true));
	if (forJest.length === 0) return chosen;
	return chosen.map((step) => {
		if (only !== undefined && step.kind === 'jest') return { ...step, args: [...step.args, ...forJest] };
		throw new RangeError(`"${forJest.join(' ')}" is for jest: name the suites that it is for, as in --only queue -- outages`);
	});
}

/** Whether a step that cannot run here fails the run: one that the user named, and under CI each one. */
export const mustRun = ({ only }: Choice, ci: string | undefined): boolean => only !== undefined || !['', '0', 'false', undefined].includes(ci);

export const namesOfSteps = steps.map(({ name }) => name).join(', ');
