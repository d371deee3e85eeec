import type { Figure } from '../report/chart';
import type { Target } from '../section';
import { cell, throughput, type Take } from './cells';
import type { Raw } from './raw';
import { sizeName } from './tables';

const MEMORY_SIZES_MIB = [300, 1024];
const MOST_MIB = 64;
const OVER_FLOOR_MIB = 32;

const THROUGHPUT_SIZE_MIB = 300;
const LEAST_OF_FLOOR = 0.85;

const both = (raw: Raw, sizeMiB: number, take: Take): { ours: Figure; floor: Figure } => ({
	ours: cell(raw, 'hidream', sizeMiB, take),
	floor: cell(raw, 'floor', sizeMiB, take),
});

const failed = (...figures: Figure[]): string => figures.flatMap((figure) => (typeof figure === 'number' ? [] : [figure.failed])).join('; ');

function memory(raw: Raw, sizeMiB: number): Target {
	const { ours, floor } = both(raw, sizeMiB, ({ overSmallMiB }) => overSmallMiB);
	const measure = `peak memory of a submit of ${sizeName(sizeMiB)} over one of 1 MiB`;
	const target = `≤ ${MOST_MIB} MiB, or the floor + ${OVER_FLOOR_MIB} MiB`;
	if (typeof ours !== 'number' || typeof floor !== 'number') return { measure, target, measured: failed(ours, floor), met: false };
	const measured = `${ours.toFixed(0)} MiB (floor ${floor.toFixed(0)} MiB)`;
	return { measure, target, measured, met: ours <= Math.max(MOST_MIB, floor + OVER_FLOOR_MIB) };
}

function speed(raw: Raw, sizeMiB: number): Target {
	const { ours, floor } = both(raw, sizeMiB, throughput);
	const measure = `throughput of a submit of ${sizeName(sizeMiB)} inside n8n`;
	const target = `≥ ${LEAST_OF_FLOOR} of the floor`;
	if (typeof ours !== 'number' || typeof floor !== 'number') return { measure, target, measured: failed(ours, floor), met: false };
	const share = ours / floor;
	const measured = `${share.toFixed(2)} (${ours.toFixed(0)} of ${floor.toFixed(0)} MB/s)`;
	return { measure, target, measured, met: share >= LEAST_OF_FLOOR };
}

/** What the design promises of sizes that were measured. */
export function targets(raw: Raw): Target[] {
	const measured = (sizeMiB: number): boolean => raw.sizesMiB.includes(sizeMiB);
	return [
		...MEMORY_SIZES_MIB.filter(measured).map((size) => memory(raw, size)),
		...[THROUGHPUT_SIZE_MIB].filter(measured).map((size) => speed(raw, size)),
	];
}
