import { barChart, lineChart } from '../../../bench/report/chart';
import type { Chart } from '../../../bench/report/chart';
import { svgOf } from '../../../bench/report/plot';

const CHART: Chart = {
	title: 'Peak memory',
	categories: { name: 'size', values: ['1 MiB', '1 GiB'] },
	measure: 'MiB',
	logarithmic: true,
	rows: [
		{ name: 'this node', figures: [1, 4] },
		{ name: 'another way', figures: [50, { failed: 'text too long' }] },
		{ name: 'the floor', figures: [0.5, 3], isLimit: true },
	],
};

const drawn = (option: ReturnType<typeof lineChart>) => svgOf({ name: 'x', alt: '', height: 300, option });

describe.each([['lines', lineChart], ['bars', barChart]])('as %s', (_name, draw) => {
	test('names, categories, scale and failures can be read', () => {
		const svg = drawn(draw(CHART));
		expect(svg).toMatch(/^<svg[^>]*width="960"[^>]*height="300"/);
		for (const text of ['Peak memory', 'this node', 'another way', 'the floor', '1 GiB', 'fails: text too long', '0.1']) expect(svg).toContain(text);
		expect(svg).not.toContain('NaN');
	});

	test('a way that never works is still drawn', () => {
		const row = { name: 'never', figures: [{ failed: 'no' }, { failed: 'no' }] };
		for (const logarithmic of [true, false]) expect(drawn(draw({ ...CHART, logarithmic, rows: [row] }))).toContain('fails: no');
	});

	test('a row with another number of figures is an error', () => {
		expect(() => draw({ ...CHART, rows: [{ name: 'short', figures: [1] }] })).toThrow('"short" has 1 figures for 2 categories');
	});

	test('a figure of 0 has no place on a logarithmic scale', () => {
		const rows = [{ name: 'idle', figures: [0, 1] }];
		expect(() => draw({ ...CHART, rows })).toThrow('logarithmic scale');
		expect(drawn(draw({ ...CHART, rows, logarithmic: false }))).toContain('idle');
	});
});
