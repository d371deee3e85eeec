import type { RequestRecord } from './exchange';
import { ENDPOINTS, type Endpoint } from './faults';
import type { TaskRecord } from './taskLife';

/** The number of requests and tasks so far, if the complete lists would be too large. */
export interface Counts {
	/** By endpoint; `other` matched none. */
	requests: Record<Endpoint | 'other', number>;
	tasks: {
		accepted: number;
		ended: number;
		/** Of all videos in a body (with `bodies: 'count'`: of the bodies). */
		bytes: number;
	};
}

/** Counts the requests and tasks so far. */
export function countsOf(requests: readonly RequestRecord[], tasks: readonly TaskRecord[]): Counts {
	const counts: Counts = {
		requests: { ...none(), other: 0 },
		tasks: { accepted: tasks.length, ended: 0, bytes: 0 },
	};
	for (const { endpoint } of requests) counts.requests[endpoint ?? 'other'] += 1;
	for (const { endedAt, video } of tasks) {
		if (endedAt !== null) counts.tasks.ended += 1;
		if (video.kind !== 'url') counts.tasks.bytes += video.bytes;
	}
	return counts;
}

const none = () => Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, 0])) as Record<Endpoint, number>;
