/** What a process took for one step with a large video. */
export interface Taken {
	/** Its largest memory over that of the same step with 1 MiB. */
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
		/** The largest memory over `idleMiB`. */
		overIdleMiB: number;
		/** Just before: what the storing left is still there. */
		startMiB: number;
		/** The largest memory over that. */
		addedMiB: number;
	};
	/** n8n's main process serves the link to whoever has it, once. */
	serve?: Taken;
}

/** Why there are no figures, in words. */
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
	/** In the order in which they are shown. */
	modes: Array<{ name: string; label: string }>;
	runs: ModeRun[];
}

export const hasFailed = (result: Figures | Failed): result is Failed => 'failed' in result;
