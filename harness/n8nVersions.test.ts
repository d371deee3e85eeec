/** Which n8n the suite `versions` runs, and on which Node.js. */
import { n8nVersion } from './cache';
import { n8nRelease } from './n8nRelease';
import { chosenN8nVersions, oldestN8n, versionsVariable } from './n8nVersions';
import { runsOn } from './nodeRuntime';

const before = process.env[versionsVariable];

afterEach(() => {
	if (before === undefined) Reflect.deleteProperty(process.env, versionsVariable);
	else process.env[versionsVariable] = before;
});

test.each([
	['', [oldestN8n]],
	['2.0.0', ['2.0.0']],
	[' 1.123.81, 2.41.1  2.41.1', ['1.123.81', '2.41.1']],
])('N8N_VERSIONS=%j', (named, versions) => {
	process.env[versionsVariable] = named;
	expect(chosenN8nVersions()).toEqual(versions);
});

test('rejects a name that is no version, with an example', () => {
	process.env[versionsVariable] = '2.41.1 latest';
	expect(chosenN8nVersions).toThrow(`has an invalid version "latest". For example, set "${oldestN8n} ${n8nVersion}"`);
});

test('the oldest n8n is a version, not a range', () => {
	expect(oldestN8n).toMatch(/^\d+\.\d+\.\d+$/);
});

test.each([
	['20.18.3', '1.123.81', false],
	['20.19.0', '1.123.81', true],
	['22.1.0', '1.123.81', true],
	['24.99.0', '1.123.81', true],
	['26.0.0', '1.123.81', false],
	['22.22.0', '2.41.1', false],
	['24.0.0', '2.41.1', true],
	['26.0.0', '2.41.1', true],
])('Node.js %s under n8n %s: %s', (node, version, fits) => {
	expect(runsOn(node, n8nRelease(version))).toBe(fits);
});
