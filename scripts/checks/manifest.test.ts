import type { Manifest } from './manifest';
import { manifestProblems, runtimeDependencies } from './manifest';

const PLAIN: Manifest = {
	name: 'n8n-nodes-hidream',
	version: '1.2.3',
	license: 'MIT',
	homepage: 'https://example.com',
	repository: { url: 'https://example.com' },
	scripts: { build: 'gulp build', test: 'jest' },
};

test('accepts a package without dependencies and install scripts', () => {
	expect(manifestProblems(PLAIN)).toEqual([]);
	expect(runtimeDependencies(PLAIN)).toEqual([]);
});

test.each([
	[{ dependencies: { axios: '1.0.0' } }, ['axios']],
	[{ optionalDependencies: { fsevents: '2.0.0' } }, ['fsevents']],
	[{ bundleDependencies: ['undici'] }, ['undici']],
	[{ bundledDependencies: true }, ['(all, bundled)']],
])('rejects the dependencies %j', (more, names) => {
	expect(runtimeDependencies({ ...PLAIN, ...more })).toEqual(names);
	expect(manifestProblems({ ...PLAIN, ...more })).toEqual(names.map((name) => `package.json: ${name} is a runtime dependency`));
});

test.each(['preinstall', 'install', 'postinstall', 'prepare'])('rejects the install script "%s"', (script) => {
	const scripts = { ...PLAIN.scripts, [script]: 'node hello.js' };
	expect(manifestProblems({ ...PLAIN, scripts })).toEqual([`package.json: the script "${script}" runs when users install`]);
});
