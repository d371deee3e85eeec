import type { RequestRecord } from '../../sandbox';
import type { StatusRequests } from './raw';

/** Status requests further apart than this belong to different rounds. */
const ROUND_MS = 1_000;

const isStatusRequest = ({ endpoint }: RequestRecord): boolean => endpoint === 'batch' || endpoint === 'result';

/** Requests during a time span, in milliseconds since 1970. */
export const within = (log: readonly RequestRecord[], from: number, to: number): RequestRecord[] =>
	log.filter(({ startedAt }) => startedAt >= from && startedAt < to);

/** The number of status requests among these requests. */
export function countStatusRequests(log: readonly RequestRecord[]): StatusRequests {
	const of = (wanted: string): number => log.filter(({ endpoint }) => endpoint === wanted).length;
	return { batch: of('batch'), single: of('result') };
}

/** The number of status requests in each round. */
export function roundsOf(log: readonly RequestRecord[]): number[] {
	const times = log.filter(isStatusRequest).map(({ startedAt }) => startedAt).sort((a, b) => a - b);
	const rounds: number[] = [];
	let last = -Infinity;
	for (const time of times) {
		if (time - last > ROUND_MS) rounds.push(0);
		rounds.push((rounds.pop() ?? 0) + 1);
		last = time;
	}
	return rounds;
}
