import { cell, reading, throughput } from '../../../bench/submit/cells';
import type { Failed, Figures, Raw, SubmitRun } from '../../../bench/submit/raw';
import { tables } from '../../../bench/submit/tables';
import { targets } from '../../../bench/submit/targets';

const figures = (overSmallMiB: number, ms: number): Figures => ({
	overSmallMiB,
	peakMiB: 700 + overSmallMiB,
	startMiB: 700,
	ms,
	executionMs: ms + 10,
	cpuSeconds: ms / 1000,
	read: { overSmallMiB: 5, ms: 2 * ms, cpuSeconds: 1 },
});

const failure: Failed = { failed: 'too large', ms: 71_000, overSmallMiB: 1200 };

function rawOf(results: Record<string, Array<Figures | Failed>>): Raw {
	const runs = Object.entries(results).flatMap(([way, all]) =>
		all.map((result, i): SubmitRun => ({ way, sizeMiB: 300, run: i + 1, result })),
	);
	const ways = Object.keys(results).map((name) => ({ name, label: name }));
	return { sizesMiB: [300], ways, floorChunkKiB: 768, runs, verified: [] };
}

const limits = { floor: [figures(100, 1000)], stricterFloor: [figures(30, 500)] };

describe('figures of a submit', () => {
	it('are medians of all runs', () => {
		const raw = rawOf({ hidream: [figures(10, 300), figures(90, 100), figures(20, 200)] });
		expect(cell(raw, 'hidream', 300, ({ overSmallMiB }) => overSmallMiB)).toBe(20);
		expect(cell(raw, 'hidream', 300, throughput)).toBeCloseTo((300 * 1.048576) / 0.2);
		expect(reading(raw, 300, ({ ms }) => ms)).toBe(400);
	});

	it('are none where one run failed', () => {
		const raw = rawOf({ hidream: [figures(10, 300)], other: [figures(1, 1), failure] });
		expect(cell(raw, 'other', 300, throughput)).toEqual({ failed: 'too large' });
		const [memory] = tables(raw);
		expect(memory?.rows.find(([way]) => way === 'other')).toEqual(['other', 'fails']);
		expect(tables(raw).at(-1)?.rows).toEqual([['other', '300 MiB', 'too large', '71', '1200']]);
	});
});

describe('targets of a submit', () => {
	const met = (results: Parameters<typeof rawOf>[0]) => targets(rawOf({ ...limits, ...results })).map((target) => target.met);

	it('leave memory as much as the floor takes and a little more, and time for what it sends', () => {
		expect(met({ hidream: [figures(132, 1170)] })).toEqual([true, true]);
		expect(met({ hidream: [figures(133, 1180)] })).toEqual([false, false]);
	});

	it('are not met by a way that fails', () => {
		expect(met({ hidream: [failure] })).toEqual([false, false]);
	});

	it('are kept for sizes that were not measured', () => {
		expect(targets({ ...rawOf({}), sizesMiB: [1, 16] })).toEqual([]);
	});
});
