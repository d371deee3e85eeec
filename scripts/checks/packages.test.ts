import type { Pinned } from './packages';
import { pinnedProblems, versionConflicts } from './packages';

const MANIFEST: Pinned = { private: true, devDependencies: { echarts: '5.6.0' } };
const ENTRY = { version: '5.6.0', integrity: 'sha512-x' };
const lock = (entry: object = ENTRY) => ({ packages: { '': { devDependencies: { echarts: '5.6.0' } }, 'node_modules/echarts': entry } });

test('accepts exact versions, a lock of the same versions, and an integrity for each package', () => {
	expect(pinnedProblems('bench/', MANIFEST, lock())).toEqual([]);
});

test.each(['^5.6.0', '5.x', 'latest', 'github:apache/echarts'])('rejects the inexact version "%s"', (version) => {
	const [loose, other] = pinnedProblems('bench/', { devDependencies: { echarts: version } }, lock());
	expect(loose).toBe(`bench/package.json: echarts must have an exact version, not ${version}`);
	expect(other).toContain('bench/package-lock.json does not match package.json');
});

test('rejects a locked package without an integrity', () => {
	const problems = pinnedProblems('', MANIFEST, lock({ ...ENTRY, integrity: undefined }));
	expect(problems).toEqual(['package-lock.json: node_modules/echarts needs an integrity']);
});

test('rejects two versions of one dependency', () => {
	const manifests = { '': { devDependencies: { undici: '7.30.2' } }, 'bench/': { devDependencies: { undici: '7.0.0' } } };
	expect(versionConflicts(manifests)).toEqual(['bench/package.json: undici is 7.0.0, but 7.30.2 in package.json']);
});
