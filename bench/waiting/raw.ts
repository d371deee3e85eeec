import type { Run } from '../report/runs';

/** Figures of n8n's process in one phase. */
export interface Phase {
	ms: number;
	cpuMs: number;
	/** Peak resident memory. */
	peakMiB: number;
}

/** Status requests at the service. */
export interface StatusRequests {
	/** Batch requests, and requests for one task. */
	batch: number;
	single: number;
}

/** One wait for all tasks, in a new n8n with a new service. */
export interface Figures {
	/** n8n when idle, before. */
	idle: Phase;
	/** Until the service has accepted all tasks. */
	submit: Phase;
	/** From then until the first task ends: n8n only waits. */
	wait: Phase;
	/** Until the last run has ended. */
	end: Phase;
	/** Status requests while n8n only waited, and in all. */
	asked: { wait: StatusRequests; all: StatusRequests };
	/** The number of status requests in each round of the wait. */
	rounds: number[];
}

export interface WayRow {
	name: string;
	label: string;
	/** Executions, each with an equal part of the tasks. */
	executions: number;
	/** Whether it is this node, and how it learns that a task has ended. */
	waitsFor: 'polling' | 'callback' | 'each task';
}

export interface Raw {
	tasks: number;
	/** The approximate time in which n8n only waited. */
	waitSeconds: number;
	pollSeconds: number;
	/** Time between the starts of runs, and between the ends of tasks, with many runs. */
	callsPerSecond: number;
	/** In display order. */
	ways: WayRow[];
	runs: Array<Run<Figures>>;
}
