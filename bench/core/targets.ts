import type { Target } from '../section';
import { LARGE_MIB } from './plan';
import type { Raw } from './results';
import { middle, ofFloor, rowOf } from './summary';

const PART_OF_FLOOR = 0.9;
const PEAK_MIB = 64;
/** A limit that n8n itself exceeds. */
const OVER_FLOOR_MIB = 32;

function speed(raw: Raw): Target[] {
	const row = rowOf(raw, 'node', LARGE_MIB);
	if (!row) return [];
	const part = ofFloor(raw, row);
	return [
		{
			measure: `throughput of a ${LARGE_MIB} MiB submit in n8n-core alone, relative to the floor`,
			target: `≥ ${PART_OF_FLOOR}`,
			measured: part?.toFixed(2) ?? 'failed',
			met: part !== undefined && part >= PART_OF_FLOOR,
		},
	];
}

function memory(raw: Raw, sizeMiB: number): Target[] {
	const [row, floor] = [rowOf(raw, 'node', sizeMiB), rowOf(raw, 'floor', sizeMiB)];
	if (!row || !floor) return [];
	const [peak, least] = [row, floor].map((of) => middle(of, ({ peakMiB }) => peakMiB));
	const limit = Math.max(PEAK_MIB, typeof least === 'number' ? least + OVER_FLOOR_MIB : 0);
	return [
		{
			measure: `peak memory of a ${sizeMiB} MiB submit in n8n-core alone, over that of 1 MiB`,
			target: `≤ ${limit.toFixed(0)} MiB`,
			measured: typeof peak === 'number' ? `${peak.toFixed(0)} MiB` : 'failed',
			met: typeof peak === 'number' && peak <= limit,
		},
	];
}

function bytes({ checks }: Raw): Target[] {
	const same = checks.filter(({ isSame }) => isSame).length;
	const [measure, target] = ['ways that deliver the video byte for byte', `${checks.length} of ${checks.length}`];
	return [{ measure, target, measured: `${same} of ${checks.length}`, met: same === checks.length }];
}

/** The design's targets. */
export const targets = (raw: Raw): Target[] => [...speed(raw), ...memory(raw, LARGE_MIB), ...memory(raw, 1024), ...bytes(raw)];
