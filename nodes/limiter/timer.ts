import type { Clock } from '../async/clock';

/** Rings at one moment; setting it anew forgets the moment before. So nobody looks again and again. */
export class Timer {
	private set: { at: number; off: AbortController } | undefined;

	constructor(
		private readonly clock: Clock,
		private readonly ring: () => void,
	) {}

	/** @param at the moment on the clock; Infinity = never */
	schedule(at: number): void {
		if (this.set?.at === at) return;
		this.set?.off.abort();
		this.set = undefined;
		if (at === Infinity) return;
		const mine = { at, off: new AbortController() };
		this.set = mine;
		void this.clock.sleep(at - this.clock.now(), mine.off.signal).then(() => {
			if (this.set !== mine) return;
			this.set = undefined;
			this.ring();
		});
	}
}
