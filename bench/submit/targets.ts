import type { Figure } from '../report/chart';
import type { Target } from '../section';
import { cell, throughput, type Take } from './cells';
import type { Raw } from './raw';
import { sizeName } from './tables';

const MEMORY_SIZES_MIB = [300, 1024];
const MAX_MIB = 64;
const OVER_FLOOR_MIB = 32;

const THROUGHPUT_SIZE_MIB = 300;
const MIN_OF_FLOOR = 0.85;

/** Of this node, of the floor, and of the stricter floor. */
const cells = (raw: Raw, sizeMiB: number, take: Take): [Figure, Figure, Figure] => [
	cell(raw, 'hidream', sizeMiB, take),
	cell(raw, 'floor', sizeMiB, take),
	cell(raw, 'stricterFloor', sizeMiB, take),
];

const textOf = (figure: Figure, unit: string): string => (typeof figure === 'number' ? `${figure.toFixed(0)} ${unit}` : figure.failed);

function memory(raw: Raw, sizeMiB: number): Target {
	const [ours, floor, stricter] = cells(raw, sizeMiB, ({ overSmallMiB }) => overSmallMiB);
	return {
		measure: `peak memory of a submit of ${sizeName(sizeMiB)} over one of 1 MiB`,
		target: `≤ ${MAX_MIB} MiB, or the floor + ${OVER_FLOOR_MIB} MiB`,
		measured: `${textOf(ours, 'MiB')} (floor: ${textOf(floor, 'MiB')}, stricter floor: ${textOf(stricter, 'MiB')})`,
		met: typeof ours === 'number' && ours <= Math.max(MAX_MIB, typeof floor === 'number' ? floor + OVER_FLOOR_MIB : 0),
	};
}

function speed(raw: Raw, sizeMiB: number): Target {
	const [ours, floor, stricter] = cells(raw, sizeMiB, throughput);
	const over = (limit: Figure): number => (typeof ours === 'number' && typeof limit === 'number' ? ours / limit : NaN);
	const speeds = `${textOf(ours, 'MB/s')}, the floor ${textOf(floor, 'MB/s')}`;
	return {
		measure: `throughput of a submit of ${sizeName(sizeMiB)} inside n8n`,
		target: `≥ ${MIN_OF_FLOOR} of the floor`,
		measured: `${over(floor).toFixed(2)} (${speeds}); ${over(stricter).toFixed(2)} of the stricter floor`,
		met: over(floor) >= MIN_OF_FLOOR,
	};
}

/** The design's targets for the measured sizes. */
export function targets(raw: Raw): Target[] {
	const measured = (sizeMiB: number): boolean => raw.sizesMiB.includes(sizeMiB);
	return [
		...MEMORY_SIZES_MIB.filter(measured).map((size) => memory(raw, size)),
		...[THROUGHPUT_SIZE_MIB].filter(measured).map((size) => speed(raw, size)),
	];
}
