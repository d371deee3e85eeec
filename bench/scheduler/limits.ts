/** Limits of an account. */
export interface SimulatedLimits {
	tasksPerMinute: number;
	/** Parallel tasks. */
	parallelTasks: number;
}

/** The rate window of the service, in milliseconds. */
export const MINUTE_MS = 60_000;
