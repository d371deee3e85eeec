/** What an account may do. */
export interface AccountLimits {
	tasksPerMinute: number;
	/** Tasks that run at the same time. */
	parallelTasks: number;
}

/** The window that the service counts tasks in, in milliseconds. */
export const MINUTE_MS = 60_000;
