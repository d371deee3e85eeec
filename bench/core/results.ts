import type { MemoryWork } from './protocol';
import type { Case } from './ways';

/** Figures of one submit. */
export interface Figures {
	/** Peak resident memory, over that of the submit of 1 MiB before it. */
	peakMiB: number;
	/** From the start of the execution to its end; for the bare client, from opening the file to the response. */
	ms: number;
	/** Processor time of the sending process. */
	cpuMs: number;
}

export interface Failed {
	failed: string;
}

export interface Row extends Case {
	runs: Figures[];
	/** Why it failed. It is not tried again. */
	failed?: string;
	/** From a separate run; the bare client has none. */
	memory?: MemoryWork;
}

/** Whether the bytes that arrived are those of the file. */
export interface Check extends Case {
	isSame: boolean;
}

export interface Raw {
	rows: Row[];
	checks: Check[];
}

export const hasFailed = (taken: object): taken is Failed => 'failed' in taken;
