import type { Run } from '../report/runs';

/** One run of the workflow, from n8n's process and the service. */
export interface Figures {
	/** Time of the submitting node, by n8n's own clock. */
	nodeMs: number;
	/** From the webhook call to its response. */
	executionMs: number;
	/** Processor time of n8n's process while the node ran; in steps of 10. */
	cpuMs: number;
	startMiB: number;
	peakMiB: number;
	/** The maximum number of submits that the service had at the same time. */
	mostInFlight: number;
	/** Requests to the service that were not submits. */
	otherRequests: number;
}

/** The role of the way: the subject, a peer to compare with, the limit, or the empty run that is subtracted from all. */
export type Role = 'subject' | 'peer' | 'limit' | 'base';

export interface WayRow {
	name: string;
	label: string;
	/** The configured number of submits in flight; 0 if it makes none. */
	inFlight: number;
	role: Role;
}

export interface Raw {
	items: number;
	/** Response time of the service. */
	latencyMs: number;
	/** In display order. */
	ways: WayRow[];
	runs: Array<Run<Figures>>;
}
