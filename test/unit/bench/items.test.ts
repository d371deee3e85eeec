/** What the section on many items makes of its figures. */
import { assertSubmittedOnce, PROMPT, STYLE, urlItems } from '../../../bench/items/items';
import { mostAtOnce } from '../../../bench/items/mostAtOnce';
import { plots } from '../../../bench/items/plots';
import type { Figures, Raw } from '../../../bench/items/raw';
import { tables } from '../../../bench/items/tables';
import { targets } from '../../../bench/items/targets';
import { svgOf } from '../../../bench/report/plot';
import { terminalTable } from '../../../bench/report/tables';
import type { TaskRecord } from '../../../sandbox';

const FIGURES: Figures = { nodeMs: 2_000, executionMs: 2_100, cpuMs: 0, startMiB: 300, peakMiB: 320, mostInFlight: 98, otherRequests: 1 };

const CPU_MS = { empty: 20, node: 920, http: 1_020 };

const RAW: Raw = {
	items: 1_000,
	latencyMs: 50,
	ways: [
		{ name: 'empty', label: 'No Operation', inFlight: 0, role: 'base' },
		{ name: 'node', label: 'this node', inFlight: 100, role: 'subject' },
		{ name: 'http', label: 'HTTP Request', inFlight: 100, role: 'peer' },
		{ name: 'alone', label: 'this node', inFlight: 1, role: 'subject' },
		{ name: 'broken', label: 'HTTP Request', inFlight: 1_000, role: 'peer' },
	],
	runs: [
		...Object.entries(CPU_MS).map(([way, cpuMs]) => ({ way, run: 1, result: { ...FIGURES, cpuMs } })),
		{ way: 'alone', run: 1, result: FIGURES },
		{ way: 'broken', run: 1, result: { failed: 'connection refused' } },
	],
};

test('processor time per item is that over the empty run', () => {
	const text = tables(RAW).map(terminalTable).join('\n');
	expect(text).toMatch(/this node +│ +100 │ +0\.90 /);
	expect(text).toMatch(/HTTP Request +│ +100 │ +1\.00 /);
	expect(text).toMatch(/HTTP Request +│ +all │ +fails: connection refused/);
});

test('only what was measured with the same number in flight is compared', () => {
	expect(targets(RAW)).toEqual([{ measure: "CPU per item over HTTP Request's, 100 in flight", target: '≤ 1.0', measured: '0.90 (0.90 of 1.00 ms)', met: true }]);
});

test('a way that was not measured with a number in flight leaves a gap in the plots', () => {
	for (const svg of plots(RAW).map(svgOf)) {
		expect(svg).toContain('fails: connection refused');
		expect(svg).not.toContain('NaN');
	}
});

test('without an empty run there are no figures', () => {
	expect(() => tables({ ...RAW, ways: RAW.ways.slice(1) })).toThrow('There is no empty run to take off');
});

test('what ends makes room for what begins at the same moment', () => {
	expect(mostAtOnce([{ from: 0, to: 10 }, { from: 5, to: 20 }, { from: 10, to: 30 }, { from: 40, to: Infinity }])).toBe(2);
	expect(mostAtOnce([])).toBe(0);
});

describe('each item became one task', () => {
	const items = urlItems(3);
	const tasks = items.map(({ videoUrl }) => ({ video: { kind: 'url', url: videoUrl }, prompt: PROMPT, style: STYLE }) as TaskRecord);

	test('in any order', () => {
		expect(() => assertSubmittedOnce(items, [...tasks].reverse())).not.toThrow();
	});

	test.each([
		['one is missing', tasks.slice(1), '3 items became 2 tasks'],
		['one came twice', [...tasks.slice(1), ...tasks.slice(2)], 'Item 0 is not what arrived'],
		['one has another prompt', tasks.map((task, i) => (i === 1 ? { ...task, prompt: 'other' } : task)), 'Item 1 is not what arrived'],
	])('not when %s', (_what, arrived, message) => {
		expect(() => assertSubmittedOnce(items, arrived)).toThrow(message);
	});
});
