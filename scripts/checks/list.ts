import type { ReleaseCheck } from './check';

/** All checks in order. Each is loaded just before it runs. */
export const checks: ReleaseCheck[] = [
	{
		name: 'scan',
		title: "n8n's scanner finds nothing in the source and in the tarball",
		run: async (given) => (await import('./scan')).scan(given),
	},
	{
		name: 'build',
		title: 'n8n-node build and our build have the same result',
		run: async (given) => (await import('./build')).build(given),
	},
	{
		name: 'lint',
		title: 'n8n-node lint finds nothing',
		run: async (given) => (await import('./lint')).lint(given),
	},
	{
		name: 'types',
		title: 'the types of the tools are correct',
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
		title: 'imports follow the rules',
		run: async (given) => (await import('./imports')).imports(given),
	},
	{
		name: 'duplicates',
		title: 'the code has no copies',
		run: async (given) => (await import('./duplicates')).duplicates(given),
	},
	{
		name: 'spelling',
		title: 'all words are in a dictionary',
		run: async (given) => (await import('./spelling')).spelling(given),
	},
	{
		name: 'links',
		title: 'links between the pages work',
		run: async (given) => (await import('./links')).links(given),
	},
	{
		name: 'secrets',
		title: 'no file contains a secret',
		run: async (given) => (await import('./secrets')).secrets(given),
	},
	{
		name: 'packages',
		title: 'every dependency is pinned and locked',
		run: async (given) => (await import('./packages')).packages(given),
	},
	{
		name: 'licenses',
		title: 'the licenses of the tools are allowed',
		run: async (given) => (await import('./licenses')).licenses(given),
	},
	{
		name: 'audit',
		title: 'no published package has a known vulnerability',
		run: async (given) => (await import('./audit')).audit(given),
	},
	{
		name: 'sbom',
		title: 'the SBOM of a release can be created',
		run: async (given) => (await import('./sbom')).sbom(given),
	},
	{
		name: 'version',
		title: 'the version, the changelog, the tag and the recorded contract match',
		run: async (given) => (await import('./version')).version(given),
	},
	{
		name: 'workflows',
		title: 'the workflows of GitHub Actions are valid',
		run: async (given) => (await import('./workflows')).workflows(given),
	},
];
