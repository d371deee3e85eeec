import type { IForbiddenRuleType } from 'dependency-cruiser';

/** The folders that a folder may import from, besides itself, as drawn in CONTRIBUTING.md. */
const MAY_IMPORT: Record<string, string[]> = {
	async: [],
	hidream: ['async'],
	limiter: ['async'],
	video: ['async', 'hidream', 'shared'],
	polling: ['async', 'hidream'],
	submission: ['async', 'limiter', 'hidream'],
	shared: ['async', 'limiter', 'polling', 'submission', 'hidream'],
	StylizeVideo: ['async', 'shared', 'limiter', 'polling', 'submission', 'video', 'hidream'],
	StylizeVideoTrigger: ['async', 'shared', 'limiter', 'video', 'hidream'],
};

/** One rule per folder under nodes/, and the rules for all published code. */
export const importRules: IForbiddenRuleType[] = [
	...Object.entries(MAY_IMPORT).map(([folder, others]): IForbiddenRuleType => ({
		name: `${folder} imports from ${others.length === 0 ? 'no other folder' : others.join(', ')} only`,
		severity: 'error',
		from: { path: `^nodes/${folder}/` },
		to: { path: '^(nodes|credentials)/', pathNot: [folder, ...others].map((name) => `^nodes/${name}/`) },
	})),
	{
		name: 'credentials import from hidream and shared only',
		severity: 'error',
		from: { path: '^credentials/' },
		to: { path: '^(nodes|credentials)/', pathNot: ['^nodes/hidream/', '^nodes/shared/'] },
	},
	{
		name: 'hidream imports nothing of n8n',
		severity: 'error',
		from: { path: '^nodes/hidream/' },
		to: { path: 'node_modules/n8n-workflow/' },
	},
	{
		name: 'each folder under nodes/ has a rule',
		severity: 'error',
		from: { path: '^nodes/', pathNot: Object.keys(MAY_IMPORT).map((name) => `^nodes/${name}/`) },
		to: {},
	},
	{
		name: 'published code imports n8n-workflow and Node.js, no other package and no unpublished file',
		severity: 'error',
		from: { path: '^(nodes|credentials)/' },
		to: { pathNot: ['^(nodes|credentials)/', 'node_modules/n8n-workflow/'], dependencyTypesNot: ['core'] },
	},
	{ name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
	{ name: 'every import can be resolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
	{
		name: 'the fake HiDream server imports nothing of the node, so that it cannot repeat its mistakes',
		severity: 'error',
		from: { path: '^sandbox/' },
		to: { path: '^(nodes|credentials|harness|test)/' },
	},
	{
		name: 'npm test needs the packages of the root only',
		severity: 'error',
		from: { pathNot: '^(bench|scripts/checks|scripts/mutation|harness/browser|test/browser)/' },
		to: { path: '^(bench|scripts/checks|scripts/mutation|harness/browser)/', pathNot: '^harness/browser/chromium\\.ts$' },
	},
	{
		// The benchmark runs the node like the tests do, so bench/ may.
		name: 'code outside the tests does not import from them',
		severity: 'error',
		from: { path: '^(harness|scripts|sandbox)/', pathNot: '\\.test\\.ts$' },
		to: { path: '^test/' },
	},
];
