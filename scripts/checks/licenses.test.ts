import { licensesOutcome, licenseTable } from './licenses';

const lock = (packages: Record<string, { license?: string; version?: string }>) => ({ packages: { '': { license: 'none of ours' }, ...packages } });

test('counts the allowed licenses, most frequent first', () => {
	const { summary, problems } = licensesOutcome([
		lock({
			'node_modules/one': { license: 'ISC', version: '1.0.0' },
			'node_modules/two': { license: 'MIT', version: '1.0.0' },
			'node_modules/two/node_modules/three': { license: 'MIT', version: '2.0.0' },
			'node_modules/either': { license: '(GPL-3.0 OR MIT)', version: '1.0.0' },
		}),
	]);
	expect(problems).toEqual([]);
	expect(summary).toBe('4 packages, for developers only: 2 MIT, 1 ISC, 1 (GPL-3.0 OR MIT)');
});

test.each([
	['GPL-3.0', 'GPL-3.0'],
	['(MIT AND GPL-3.0)', '(MIT AND GPL-3.0)'],
	['UNLICENSED', 'UNLICENSED'],
	['SEE LICENSE IN LICENSE.md', 'SEE LICENSE IN LICENSE.md'],
	[undefined, 'none in the lock'],
])('rejects %s', (license, said) => {
	const entry = { version: '1.0.0', ...(license !== undefined && { license }) };
	expect(licensesOutcome([lock({ 'node_modules/@scope/left-pad': entry })]).problems).toEqual([`@scope/left-pad@1.0.0: license ${said}`]);
});

test('a reviewed license applies only to that package with that license', () => {
	const said = (license: string) => licensesOutcome([lock({ 'node_modules/n8n-core': { license, version: '2.41.1' } })]).problems;
	expect(said('SEE LICENSE IN LICENSE.md')).toEqual([]);
	expect(said('LicenseRef-n8n-enterprise')).toEqual(['n8n-core@2.41.1: license LicenseRef-n8n-enterprise']);
});

test('the table lists each version of each package of all locks once, by name, with the reviewed ones', () => {
	const table = licenseTable([
		lock({ 'node_modules/two': { license: 'MIT', version: '1.0.0' } }),
		lock({
			'node_modules/one/node_modules/two': { license: 'MIT', version: '1.0.0' },
			'node_modules/three/node_modules/two': { license: 'ISC', version: '2.0.0' },
			'node_modules/@scope/left-pad': { version: '1.0.0' },
			'node_modules/ssh2': { version: '1.15.0' },
		}),
	]);
	const rows = ['@scope/left-pad\t1.0.0\tnone in the lock', 'ssh2\t1.15.0\tMIT, in the older field "licenses"', 'two\t1.0.0\tMIT', 'two\t2.0.0\tISC'];
	expect(table.split('\n')).toEqual(['name\tversion\tlicense', ...rows, '']);
});
