import { median } from '../report/statistics';
import type { Figure } from '../report/chart';
import type { Figures, Raw, Row } from './results';
import type { StorageMode, Case, Way } from './ways';

const BYTES_PER_MIB = 2 ** 20;
/** n8n counts megabytes like this. */
const BYTES_PER_MB = 1e6;

/** The row of a case; undefined if it was not measured. */
export function rowOf({ rows }: Raw, way: Way, sizeMiB: number, heapMiB = 0, binaryMode: StorageMode = 'filesystem'): Row | undefined {
	const wanted: Case = { way, sizeMiB, heapMiB, binaryMode };
	const keys = Object.keys(wanted) as (keyof Case)[];
	return rows.find((row) => keys.every((key) => row[key] === wanted[key]));
}

/** The median of one figure over the runs of a row, or why it failed. */
export function middle({ runs, failed }: Row, of: (figures: Figures) => number): Figure {
	return failed === undefined ? median(runs.map(of)) : { failed };
}

/** Megabytes of video per second. */
export const throughput = (row: Row): Figure => middle(row, ({ ms }) => (row.sizeMiB * BYTES_PER_MIB) / BYTES_PER_MB / (ms / 1000));

/** The throughput relative to the floor under the same conditions; undefined if one of them is missing. */
export function ofFloor(raw: Raw, row: Row): number | undefined {
	const floor = rowOf(raw, 'floor', row.sizeMiB, row.heapMiB);
	if (!floor || row.binaryMode !== 'filesystem') return undefined;
	const [own, limit] = [throughput(row), throughput(floor)];
	return typeof own === 'number' && typeof limit === 'number' ? own / limit : undefined;
}
