import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryWork } from '../protocol';

const MIB = 2 ** 20;
const SAMPLE_MS = 5;
/** Node.js reports a collection with a delay. */
const GC_REPORT_MS = 50;

const isMajor = ({ detail }: PerformanceEntry & { detail?: { kind?: number } }): boolean =>
	detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;

/** Measures the memory of this process until the returned function is called. */
export function measureMemory(): () => Promise<MemoryWork> {
	const entries: PerformanceEntry[] = [];
	const observer = new PerformanceObserver((list) => void entries.push(...list.getEntries()));
	observer.observe({ entryTypes: ['gc'] });
	const before = process.memoryUsage().external;
	let peak = before;
	const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().external)), SAMPLE_MS);
	return async () => {
		clearInterval(timer);
		await sleep(GC_REPORT_MS);
		observer.disconnect();
		return {
			collections: entries.length,
			majorCollections: entries.filter(isMajor).length,
			collectionMs: entries.reduce((sum, { duration }) => sum + duration, 0),
			externalMiB: (peak - before) / MIB,
		};
	};
}
