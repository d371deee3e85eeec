import type { Span } from '../machine/span';

/** One submit. */
export interface Sent {
	/** The process during the submit. */
	span: Span;
	/** Time of the submit alone; in n8n by n8n's own clock. */
	ms: number;
	/** From the call of the workflow to its response, including the reading of the file. */
	executionMs: number;
	/** The process while n8n read the file into its store, before the submit. */
	read?: Span;
}

/** Figures of one submit, in a new process that submitted 1 MiB twice before. */
export interface Figures {
	/** Peak memory during the submit over that of 1 MiB. */
	overSmallMiB: number;
	peakMiB: number;
	/** Memory just before the submit. */
	startMiB: number;
	ms: number;
	executionMs: number;
	cpuSeconds: number;
	read?: { overSmallMiB: number; ms: number; cpuSeconds: number };
}

/** The reason for missing figures, and the figures until it failed. */
export interface Failed {
	failed: string;
	ms?: number;
	overSmallMiB?: number;
}

export interface SubmitRun {
	way: string;
	sizeMiB: number;
	/** Counted from 1. */
	run: number;
	result: Figures | Failed;
}

/** A body that the server decoded and hashed. */
export interface Verified {
	way: string;
	sizeMiB: number;
	sha256: string;
}

export interface Raw {
	sizesMiB: number[];
	/** In display order. */
	ways: Array<{ name: string; label: string }>;
	floorChunkKiB: number;
	runs: SubmitRun[];
	verified: Verified[];
}

export const hasFailed = (result: Figures | Failed): result is Failed => 'failed' in result;
