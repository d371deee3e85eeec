/** What the section on n8n-core alone makes of its figures. */
import { casesOf, checksOf } from '../../../bench/core/plan';
import { plots } from '../../../bench/core/plots';
import type { Figures, Raw, Row } from '../../../bench/core/results';
import { tables } from '../../../bench/core/tables';
import { targets } from '../../../bench/core/targets';
import { terminalTable } from '../../../bench/report/tables';

const PEAKS = { node: 60, floor: 45, buffer: 900, bare: 12 };

/** Every row alike but for its peak; what is given for a way at 300 MiB and no ballast replaces it. */
function rawOf(more: Partial<Record<Row['way'], Partial<Row>>> = {}): Raw {
	const figures = ({ way, sizeMiB }: Pick<Row, 'way' | 'sizeMiB'>): Figures => ({ peakMiB: PEAKS[way], ms: sizeMiB * 4, cpuMs: sizeMiB * 2 });
	const rows = casesOf(false).map((of): Row => {
		const isSpecial = of.sizeMiB === 300 && of.heapMiB === 0;
		return { ...of, runs: [figures(of)], ...(isSpecial && more[of.way]) };
	});
	return { rows, checks: checksOf(false).map((of) => ({ ...of, isSame: true })) };
}

const fastest = (ms: number, peakMiB: number): Partial<Row> => ({ runs: [{ ms, peakMiB, cpuMs: 1 }] });
const misses = (raw: Raw): string[] => targets(raw).filter(({ met }) => !met).map(({ measured }) => measured);

test('as fast as the floor and not 32 MiB above it: every target is met', () => {
	expect(misses(rawOf())).toEqual([]);
});

test('a node that is slower than nine tenths of the floor misses its target', () => {
	expect(misses(rawOf({ floor: fastest(1_000, 45) }))).toEqual(['0.83']);
});

test('memory may be 64 MiB, or 32 MiB over a floor that takes more', () => {
	expect(misses(rawOf({ node: fastest(1_200, 90) }))).toEqual(['90 MiB']);
	expect(misses(rawOf({ node: fastest(1_200, 90), floor: fastest(1_200, 60) }))).toEqual([]);
});

test('a node that fails misses its targets, and its reason stands in the table', () => {
	const raw = rawOf({ node: { runs: [], failed: 'process died' } });
	expect(misses(raw)).toEqual(['failed', 'failed']);
	expect(tables(raw).map(terminalTable).join('\n')).toContain('fails: process died');
});

test('other bytes than those of the file are a target missed', () => {
	const raw = rawOf();
	const [first, ...rest] = raw.checks;
	if (!first) throw new Error('Nothing is checked');
	expect(misses({ ...raw, checks: [{ ...first, isSame: false }, ...rest] })).toEqual([`${rest.length} of ${rest.length + 1}`]);
});

test('a quick measurement compares this node with the floor, and has no large size to judge', () => {
	const quick = casesOf(true);
	expect(quick.map(({ way }) => way)).toEqual(['node', 'floor']);
	const raw: Raw = { rows: quick.map((of) => ({ ...of, runs: [{ peakMiB: 1, ms: 2, cpuMs: 3 }] })), checks: [] };
	expect(tables(raw)).toHaveLength(1);
	expect(plots(raw)).toHaveLength(2);
});
