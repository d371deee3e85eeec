import type { MemoryWork } from './protocol';
import type { Case } from './ways';

/** What one submit took. */
export interface Figures {
	/** The largest resident memory, over that of the submit of 1 MiB before it. */
	peakMiB: number;
	/** From the start of the execution to its end; of the bare client from opening the file to the answer. */
	ms: number;
	/** Processor time of the sending process. */
	cpuMs: number;
}

export interface Failed {
	failed: string;
}

export interface Row extends Case {
	runs: Figures[];
	/** Why it failed; then it was not tried again. */
	failed?: string;
	/** From a run of its own; not of the bare client. */
	memory?: MemoryWork;
}

/** Whether the bytes that came were those of the file. */
export interface Check extends Case {
	isSame: boolean;
}

export interface Raw {
	rows: Row[];
	checks: Check[];
}

export const hasFailed = (taken: object): taken is Failed => 'failed' in taken;
