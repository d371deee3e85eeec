import type { Figure } from '../report/chart';
import { median } from '../report/statistics';
import { hasFailed, type Failed, type Figures, type Raw } from './raw';

/** MB are millions of bytes. */
const MB_PER_MIB = 1.048576;

/** A figure of one way at one size. */
export type Take = (figures: Figures, sizeMiB: number) => number;

export const throughput: Take = ({ ms }, sizeMiB) => (sizeMiB * MB_PER_MIB) / (ms / 1000);

/** Why this way fails at this size; undefined if it does not. */
export function failureOfCell({ runs }: Raw, way: string, sizeMiB: number): Failed | undefined {
	return runs.flatMap((run) => (run.way === way && run.sizeMiB === sizeMiB && hasFailed(run.result) ? [run.result] : []))[0];
}

/** The median of all runs of a way at a size; one failed run makes it a failure. */
export function cell(raw: Raw, way: string, sizeMiB: number, take: Take): Figure {
	const failure = failureOfCell(raw, way, sizeMiB);
	if (failure) return { failed: failure.failed };
	return median(figuresOf(raw, sizeMiB, way).map((figures) => take(figures, sizeMiB)));
}

/** All figures of a size, of one way or of all. */
export function figuresOf({ runs }: Raw, sizeMiB: number, way?: string): Figures[] {
	return runs.flatMap((run) => {
		const chosen = run.sizeMiB === sizeMiB && (way === undefined || run.way === way);
		return chosen && !hasFailed(run.result) ? [run.result] : [];
	});
}

/** The time in which n8n read the file before the submit: the median of all ways, since it is the same in each. */
export function reading(raw: Raw, sizeMiB: number, take: (read: NonNullable<Figures['read']>) => number): number {
	return median(figuresOf(raw, sizeMiB).flatMap(({ read }) => (read ? [take(read)] : [])));
}
