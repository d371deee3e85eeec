import type { Clock } from '../async/clock';

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
