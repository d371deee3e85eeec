import type { Check } from './check';

/** All checks, in the order in which they are made. Each is loaded when its turn comes. */
export const checks: Check[] = [
	{
		name: 'scan',
		title: "n8n's scanner finds nothing in the source and in the tarball",
		run: async (given) => (await import('./scan')).scan(given),
	},
	{
		name: 'build',
		title: 'n8n-node build and our build agree',
		run: async (given) => (await import('./build')).build(given),
	},
	{
		name: 'lint',
		title: 'n8n-node lint finds nothing',
		run: async (given) => (await import('./lint')).lint(given),
	},
	{
		name: 'types',
		title: 'the types of the tools are right',
		run: async (given) => (await import('./types')).types(given),
	},
	{
		name: 'tests',
		title: 'the tests of the tools pass',
		run: async (given) => (await import('./tests')).tests(given),
	},
	{
		name: 'pack',
		title: 'users get the files that they need and no others',
		run: async (given) => (await import('./pack')).pack(given),
	},
	{
		name: 'imports',
		title: 'imports run one way',
		run: async (given) => (await import('./imports')).imports(given),
	},
	{
		name: 'duplicates',
		title: 'nothing is there twice',
		run: async (given) => (await import('./duplicates')).duplicates(given),
	},
	{
		name: 'spelling',
		title: 'words are spelled as dictionaries have them',
		run: async (given) => (await import('./spelling')).spelling(given),
	},
	{
		name: 'links',
		title: 'links between the pages lead somewhere',
		run: async (given) => (await import('./links')).links(given),
	},
	{
		name: 'secrets',
		title: 'no file holds a secret',
		run: async (given) => (await import('./secrets')).secrets(given),
	},
	{
		name: 'packages',
		title: 'every dependency is pinned and locked',
		run: async (given) => (await import('./packages')).packages(given),
	},
	{
		name: 'licences',
		title: 'the licences of the tools are known ones',
		run: async (given) => (await import('./licences')).licences(given),
	},
	{
		name: 'audit',
		title: 'nothing with a known fault ships',
		run: async (given) => (await import('./audit')).audit(given),
	},
	{
		name: 'sbom',
		title: 'the list of parts of a release can be made',
		run: async (given) => (await import('./sbom')).sbom(given),
	},
	{
		name: 'version',
		title: 'the version, the changelog, the tag and the recorded contract agree',
		run: async (given) => (await import('./version')).version(given),
	},
	{
		name: 'workflows',
		title: 'the workflows of GitHub Actions are in order',
		run: async (given) => (await import('./workflows')).workflows(given),
	},
];
