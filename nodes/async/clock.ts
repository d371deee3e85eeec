import { sleep } from 'n8n-workflow';
import { monotonicNow } from './monotonic';
import { onAbort } from './onAbort';

/** A monotonic clock, passed in so that tests and simulations can control it. */
export interface Clock {
	/** Milliseconds; only differences count. */
	now: () => number;
	/** Ends after `ms` milliseconds, or at once when `signal` fires. Never rejects. */
	sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** n8n before 2.41 does not end a sleep when the signal fires, so a long sleep is split. */
const SLICE_MS = 1_000;

export const systemClock: Clock = {
	now: monotonicNow,
	sleep: async (ms, signal) => {
		const end = monotonicNow() + ms;
		const stop = new AbortController();
		const forget = onAbort(signal, () => stop.abort());
		for (let left = ms; left > 0 && !stop.signal.aborted; left = end - monotonicNow()) {
			await sleep(Math.min(left, SLICE_MS), stop.signal).catch(() => undefined);
		}
		forget();
	},
};
