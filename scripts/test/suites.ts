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

/**
 * The steps to run: those that are named, or all, or all that need nothing but npm and a compiler.
 *
 * @throws RangeError when one that is named does not exist
 */
export function chooseSteps({ only, all }: { only?: string[]; all?: true }): Step[] {
	const unknown = only?.find((name) => !steps.some((step) => step.name === name));
	if (unknown !== undefined) throw new RangeError(`There is no step "${unknown}". Steps: ${namesOfSteps}.`);
	return steps.filter((step) => only?.includes(step.name) ?? (all === true || step.onlyWithAll !== true));
}

export const namesOfSteps = steps.map(({ name }) => name).join(', ');
