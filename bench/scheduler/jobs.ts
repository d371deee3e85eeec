import { uniformFloat64 } from './random';
import type { Random } from './random';

/** One video: the time of its upload, when within it the service counts it, and how long the task runs. */
export interface Job {
	uploadMs: number;
	/** The time of acceptance within the upload: 0 = its start, 1 = its end. HiDream's is UNKNOWN. */
	acceptedAt: number;
	runMs: number;
}

const SECOND = 1_000;

/** The share of videos that are uploaded files; the others are URLs. */
const FILES = 0.2;

/**
 * A typical batch: most videos by URL, a fifth uploaded over a slow connection, tasks of one to five minutes
 * (LIKELY 2 to 3 on the real service).
 */
export function randomJobs(count: number, random: Random): Job[] {
	return Array.from({ length: count }, () => {
		const isFile = uniformFloat64(random) < FILES;
		return {
			uploadMs: Math.round((isFile ? 5 + 55 * uniformFloat64(random) : 0.2 + uniformFloat64(random)) * SECOND),
			acceptedAt: uniformFloat64(random),
			runMs: Math.round((60 + 240 * uniformFloat64(random)) * SECOND),
		};
	});
}
