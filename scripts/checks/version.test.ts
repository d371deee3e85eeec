import { recordProblems, versionProblems } from './version';
import { contractOf, text } from '../contract/testSupport';

const changelog = (...headings: string[]): string => ['# Changelog', ...headings.flatMap((line) => ['', `## ${line}`, '', '- Something.'])].join('\n');

describe('the version and its changelog entry', () => {
	test('before the release', () => {
		expect(versionProblems('0.2.0', changelog('0.2.0 (not released)', '0.1.0 (2026-01-02)'))).toEqual([]);
	});

	test('on the day of the release', () => {
		expect(versionProblems('0.2.0', changelog('0.2.0 (2026-02-03)', '0.1.0 (2026-01-02)'), 'v0.2.0')).toEqual([]);
	});

	test.each([
		['no entry at all', changelog(), ['the first entry is missing']],
		['the entry of another version', changelog('0.1.0 (2026-01-02)'), ['the first entry is 0.1.0']],
		['an entry without a date', changelog('0.2.0'), ['"## 0.2.0" is not', 'the first entry is missing']],
		['an older one on top', changelog('0.2.0 (2026-02-03)', '0.10.0 (2026-01-02)'), ['0.2.0 stands above 0.10.0 but is not newer']],
		['the same twice', changelog('0.2.0 (2026-02-03)', '0.2.0 (2026-01-02)'), ['0.2.0 stands above 0.2.0 but is not newer']],
		['an older version that was not released', changelog('0.2.0 (2026-02-03)', '0.1.0 (not released)'), ['0.1.0 is "not released"']],
	])('%s', (_, text, wrong) => {
		expect(versionProblems('0.2.0', text)).toEqual(wrong.map((part) => expect.stringContaining(part)));
	});
});

describe('the tag', () => {
	test.each(['v0.2.1', '0.2.0', 'v0.2.0-beta'])('rejects %s for 0.2.0', (tag) => {
		expect(versionProblems('0.2.0', changelog('0.2.0 (2026-02-03)'), tag)).toEqual([expect.stringContaining('the tag must be v0.2.0')]);
	});

	test('rejects a version without a date', () => {
		expect(versionProblems('0.2.0', changelog('0.2.0 (not released)'), 'v0.2.0')).toEqual([expect.stringContaining('has no date')]);
	});
});

test.each(['0.2.0-beta.1', '0.2.0+build.7'])('accepts %s, but not for a publication', (version) => {
	const of = (date: string, tag?: string) => versionProblems(version, changelog(`${version} (${date})`), tag);
	expect(of('not released')).toEqual([]);
	expect(of('2026-02-03', `v${version}`)).toEqual([expect.stringContaining(`${version} is not a plain version such as 1.2.3`)]);
});

describe('the recorded contract of a publication', () => {
	const present = contractOf({ properties: [text('a')], version: '0.2.0' });

	test('accepts the contract of the current version, as read from a file', () => {
		expect(recordProblems(present, JSON.parse(JSON.stringify(present)))).toEqual([]);
	});

	test.each([
		['there is none', undefined, 'contract/released.json is missing'],
		['it belongs to the previous version', { ...present, version: '0.1.0' }, 'is that of 0.1.0, but 0.2.0 is to be published'],
		['a parameter was added later', contractOf({ properties: [], version: '0.2.0' }), 'is not what 0.2.0 promises'],
		['a parameter was removed later', contractOf({ properties: [text('a'), text('b')], version: '0.2.0' }), 'is not what 0.2.0 promises'],
	])('%s', (_, released, wrong) => {
		expect(recordProblems(present, released)).toEqual([expect.stringMatching(new RegExp(`${wrong}.*npm run contract -- --release`))]);
	});
});
