import type { Span } from '../machine/span';

/** One submit, as it was seen. */
export interface Sent {
	/** The process while it submitted. */
	span: Span;
	/** Of the submit alone: by n8n's own clock where it is n8n that submits. */
	ms: number;
	/** From the call of the workflow to its answer, with the reading of the file. */
	executionMs: number;
	/** The process while n8n read the file into its store, before the submit. */
	read?: Span;
}

/** What one submit took, in a fresh process that had submitted 1 MiB twice before. */
export interface Figures {
	/** The largest memory during the submit over that during one of 1 MiB. */
	overSmallMiB: number;
	peakMiB: number;
	/** Just before the submit. */
	startMiB: number;
	ms: number;
	executionMs: number;
	cpuSeconds: number;
	read?: { overSmallMiB: number; ms: number; cpuSeconds: number };
}

/** Why there are no figures, in words, and what it took until that was clear. */
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

/** A body that the stand-in decoded and hashed. */
export interface Verified {
	way: string;
	sizeMiB: number;
	sha256: string;
}

export interface Raw {
	sizesMiB: number[];
	/** In the order in which they are shown. */
	ways: Array<{ name: string; label: string }>;
	floorChunkKiB: number;
	runs: SubmitRun[];
	verified: Verified[];
}

export const hasFailed = (result: Figures | Failed): result is Failed => 'failed' in result;
