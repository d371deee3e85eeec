import { ProcessMeter } from './processMeter';

/** Figures of a process during a time span. */
export interface Span {
	ms: number;
	/** Of all its threads; in steps of 0.01. */
	cpuSeconds: number;
	/** Resident memory at the start. */
	startMiB: number;
	/** Peak resident memory. */
	peakMiB: number;
}

/** Begins a span of a process; the returned function ends it. */
export async function beginSpan(pid: number): Promise<() => Promise<Span>> {
	const meter = new ProcessMeter(pid);
	await meter.resetPeak();
	const startMiB = await meter.residentMiB();
	const cpuBefore = await meter.cpuSeconds();
	const started = performance.now();
	return async () => {
		const ms = performance.now() - started;
		const cpuSeconds = (await meter.cpuSeconds()) - cpuBefore;
		return { ms, cpuSeconds, startMiB, peakMiB: await meter.peakMiB() };
	};
}

/** Measures a process during `work`. */
export async function spanOf<T>(pid: number, work: () => Promise<T>): Promise<{ result: T; span: Span }> {
	const end = await beginSpan(pid);
	const result = await work();
	return { result, span: await end() };
}
