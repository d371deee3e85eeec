import { pageOf } from '../../../bench/report/page';
import { chapter } from './support';

test('the page has the targets first, then the machine, then each section with its plots and tables', () => {
	const page = pageOf([chapter('submit'), chapter('startup', { met: true })]);
	const wanted = [
		'# Benchmark',
		'`npm run bench`',
		'## Targets',
		'| submit time | ≤ 1 s | 2 s | NOT MET |',
		'| startup time | ≤ 1 s | 2 s | met |',
		'## Machine',
		'| Quick One, 2 cores | 24 GiB | Linux x64 | 2.41.1 on Node.js v24.0.0 | v20.0.0 |',
		'## About submit',
		'How submit is measured.',
		'![A plot of submit](submit-plot.svg)',
		'**Table of submit**',
		'Measured on 2026-01-02 at commit `abc123`, median of 5; raw figures in [submit.json](submit.json).',
		'## About startup',
	];
	expect(wanted.map((text) => page.includes(text))).toEqual(wanted.map(() => true));
	expect(wanted.map((text) => page.indexOf(text))).toEqual(wanted.map((text) => page.indexOf(text)).sort((a, b) => a - b));
	expect(page.endsWith('\n')).toBe(true);
	expect(page).not.toMatch(/\n\n\n|undefined/);
});

test('one machine is named once, two are both named', () => {
	const rows = (page: string) => page.split('\n').filter((line) => line.includes('24 GiB')).length;
	expect(rows(pageOf([chapter('submit'), chapter('startup', { machine: { commit: 'def456' } })]))).toBe(1);
	expect(rows(pageOf([chapter('submit'), chapter('startup', { machine: { cpu: 'Slow One' } })]))).toBe(2);
});

test('without a measured section there is no page', () => {
	expect(() => pageOf([])).toThrow('Nothing was measured yet');
});

test('a table that is broken breaks the page, not its look', () => {
	const broken = chapter('submit');
	broken.shown.tables[0]?.rows.push(['x']);
	expect(() => pageOf([broken])).toThrow('Table "Table of submit"');
});
