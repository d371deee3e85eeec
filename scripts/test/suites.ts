/** What `npm test` does, in this order. */
export type Step =
	/** An npm script; it passes or fails as a whole. */
	| { name: string; kind: 'script'; script: string }
	/** A jest project. */
	| { name: string; kind: 'jest'; args: string[]; needsN8n?: true };

export const steps: Step[] = [
	{ name: 'build', kind: 'script', script: 'build' },
	{ name: 'typecheck', kind: 'script', script: 'typecheck' },
	{ name: 'lint', kind: 'script', script: 'lint' },
	{ name: 'unit', kind: 'jest', args: [] },
	{ name: 'sandbox', kind: 'jest', args: [] },
	{ name: 'engine', kind: 'jest', args: [] },
	{ name: 'n8n', kind: 'jest', args: ['--runInBand'], needsN8n: true },
];
