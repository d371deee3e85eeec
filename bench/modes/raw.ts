/** Figures of a process for one step with a large video. */
export interface Taken {
	/** Peak memory over that of the same step with 1 MiB. */
	overSmallMiB: number;
	ms: number;
	cpuSeconds: number;
}

export interface Figures {
	/** The executing process before its first execution. */
	idleMiB: number;
	/** n8n reads the file into its store. */
	store: Taken;
	/** The node submits it. */
	submit: Taken & {
		/** Peak memory over `idleMiB`. */
		overIdleMiB: number;
		/** Memory just before the submit; includes what storing left. */
		startMiB: number;
		/** Peak memory over that. */
		addedMiB: number;
	};
	/** n8n's main process serves the link once. */
	serve?: Taken;
}

/** The reason for missing figures. */
export interface Failed {
	failed: string;
}

export interface ModeRun {
	mode: string;
	/** Counted from 1. */
	run: number;
	result: Figures | Failed;
}

export interface Raw {
	sizeMiB: number;
	/** In display order. */
	modes: Array<{ name: string; label: string }>;
	runs: ModeRun[];
}

export const hasFailed = (result: Figures | Failed): result is Failed => 'failed' in result;
