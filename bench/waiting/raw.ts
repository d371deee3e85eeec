import type { Run } from '../report/runs';

/** What n8n's process took in one part of the time. */
export interface Phase {
	ms: number;
	cpuMs: number;
	/** The largest resident memory. */
	peakMiB: number;
}

/** Questions about results at the service. */
export interface Questions {
	/** About many tasks, and about one. */
	batch: number;
	single: number;
}

/** All tasks waited for once, in a fresh n8n. */
export interface Figures {
	/** n8n with nothing to do, before. */
	idle: Phase;
	/** Until the service has accepted all tasks. */
	submit: Phase;
	/** From then on until the first task ends: nothing happens but waiting. */
	wait: Phase;
	/** Until the last run has ended. */
	end: Phase;
	/** What was asked while nothing happened but waiting, and in all. */
	asked: { wait: Questions; all: Questions };
	/** The questions of the wait in rounds, each as many as came close together. */
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
	/** How long nothing happened but waiting, about. */
	waitSeconds: number;
	pollSeconds: number;
	/** How fast runs were started, and tasks ended, where there were many runs. */
	callsPerSecond: number;
	/** In the order in which they are shown. */
	ways: WayRow[];
	runs: Array<Run<Figures>>;
}
