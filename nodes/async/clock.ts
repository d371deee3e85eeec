import { sleep } from 'n8n-workflow';
import { onAbort } from './onAbort';

/** A monotonic clock, passed in so that tests and simulations can control it. */
export interface Clock {
	/** Milliseconds; only differences count. */
	now: () => number;
	/** Ends after `ms` milliseconds, or immediately when `signal` fires. Never rejects. */
	sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** n8n before 2.41 does not end a sleep when the signal fires, so a long sleep is split. */
const SLICE_MS = 1_000;

/**
 * For every wait and deadline, in whole milliseconds so that sums are exact. The wall clock is for moments that others
 * name: when a token expires, a Retry-After date, when n8n is to resume.
 */
export const systemClock: Clock = {
	now: () => Math.floor(performance.now()),
	sleep: async (ms, signal) => {
		const end = systemClock.now() + ms;
		const stop = new AbortController();
		const forget = onAbort(signal, () => stop.abort());
		for (let left = ms; left > 0 && !stop.signal.aborted; left = end - systemClock.now()) {
			await sleep(Math.min(left, SLICE_MS), stop.signal).catch(() => undefined);
		}
		forget();
	},
};

/** One-shot timer; rescheduling replaces the previous deadline. */
export class Timer {
	private scheduled: { at: number; off: AbortController } | undefined;

	constructor(
		private readonly clock: Clock,
		private readonly onFire: () => void,
	) {}

	/** @param at the time on the clock, in milliseconds; Infinity = never */
	schedule(at: number): void {
		if (this.scheduled?.at === at) return;
		this.scheduled?.off.abort();
		this.scheduled = undefined;
		if (at === Infinity) return;
		const mine = { at, off: new AbortController() };
		this.scheduled = mine;
		void this.clock.sleep(at - this.clock.now(), mine.off.signal).then(() => {
			if (this.scheduled !== mine) return;
			this.scheduled = undefined;
			this.onFire();
		});
	}
}
