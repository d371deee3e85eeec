import type { Figures, Phase } from './raw';

/** A figure of one way. */
export type Take = (figures: Figures) => number;

const MINUTE_MS = 60_000;

const inWait = ({ asked: { wait } }: Figures): number => wait.batch + wait.single;

/** Status requests per minute while n8n only waits. */
export const requestsPerMinute: Take = (figures) => (inWait(figures) * MINUTE_MS) / figures.wait.ms;

export const requestsInAll: Take = ({ asked: { all } }) => all.batch + all.single;

/** The maximum number of status requests close together during the wait. */
export const largestRound: Take = ({ rounds }) => Math.max(0, ...rounds);

const cpuShare = ({ cpuMs, ms }: Phase): number => cpuMs / ms;

/** Processor time per minute of waiting, over that of an idle n8n, in seconds; noise counts as none. */
export const cpuPerMinute: Take = ({ wait, idle }) => Math.max(0, (cpuShare(wait) - cpuShare(idle)) * 60);

/** Processor time from the first call to the last result, over that of an idle n8n, in seconds. */
export const cpuInAll: Take = ({ submit, wait, end, idle }) =>
	[submit, wait, end].reduce((sum, { cpuMs, ms }) => sum + (cpuMs - cpuShare(idle) * ms) / 1_000, 0);

/** Peak memory from the first call to the last result, over that of an idle n8n, in MiB. */
export const peakOverIdle: Take = ({ submit, wait, end, idle }) => Math.max(idle.peakMiB, submit.peakMiB, wait.peakMiB, end.peakMiB) - idle.peakMiB;

/** The same while n8n only waits. */
export const peakOfWait: Take = ({ wait, idle }) => Math.max(0, wait.peakMiB - idle.peakMiB);
