import type { Run } from '../report/runs';

/** One run of the workflow, as n8n's process and the service saw it. */
export interface Figures {
	/** Of the submitting node, by n8n's own clock. */
	nodeMs: number;
	/** From the call of the webhook to its answer. */
	executionMs: number;
	/** Processor time of n8n's process while the node worked; in steps of 10. */
	cpuMs: number;
	startMiB: number;
	peakMiB: number;
	/** The most submits that the service had before it at one moment. */
	mostInFlight: number;
	/** Requests at the service that were no submits. */
	otherRequests: number;
}

/** What the way is there for: to be judged, to be compared with, as the limit, or to be taken off from all. */
export type Role = 'subject' | 'peer' | 'limit' | 'base';

export interface WayRow {
	name: string;
	label: string;
	/** How many submits it is asked to have in flight; 0 where it makes none. */
	inFlight: number;
	role: Role;
}

export interface Raw {
	items: number;
	/** How long the service waits before it answers. */
	latencyMs: number;
	/** In the order in which they are shown. */
	ways: WayRow[];
	runs: Array<Run<Figures>>;
}
