import { onAbort } from '../hidream/onAbort';
import { systemClock } from './clock';
import type { Clock } from './clock';

/** A place in the sliding window: taken when a submission starts, free one window after its answer. */
export interface Slot {
	/** The submission has its answer; the place is free again one window from now. */
	answered: () => void;
	/** No task came of it, so it does not count: the place is free at once. */
	giveBack: () => void;
}

interface Place {
	/** When it is free again; Infinity while the submission is under way. */
	freeAt: number;
}

/**
 * Keeps a number of submissions within a sliding window, first come, first served, among all executions of
 * this process that use one account. A place stays taken while its submission is under way, so that a slow
 * upload, whose moment of acceptance nobody knows, cannot break the limit. With a window of 0 it keeps how many
 * are under way at once.
 */
export class Pacer {
	private readonly places = new Set<Place>();
	private queue: Promise<void> = Promise.resolve();
	private waiting = 0;
	private changed = new AbortController();

	constructor(
		private readonly windowMs: number,
		private readonly clock: Clock = systemClock,
	) {}

	/**
	 * Waits for a place.
	 * @param limit submissions per window; 0 = no pacing (the submission still counts for others)
	 * @returns the place, or undefined when `signal` fired before there was one
	 */
	async take(limit: number, signal?: AbortSignal): Promise<Slot | undefined> {
		if (signal?.aborted) return undefined;
		if (limit <= 0) return this.occupy();
		this.waiting += 1;
		const turn = this.queue;
		let done = () => {};
		let forget = () => {};
		const mine = new Promise<void>((resolve) => (done = resolve));
		// Chained behind the turn, so that one who is cancelled while queueing lets nobody pass early.
		this.queue = turn.then(async () => await mine);
		try {
			await new Promise<void>((resolve) => {
				forget = onAbort(signal, resolve);
				void turn.then(resolve);
			});
			while (!signal?.aborted) {
				const ms = this.waitFor(limit);
				if (ms <= 0) return this.occupy();
				await this.clock.wait(ms, signal ? AbortSignal.any([signal, this.changed.signal]) : this.changed.signal);
			}
			return undefined;
		} finally {
			this.waiting -= 1;
			forget();
			done();
		}
	}

	/** Takes a place if one is free and nobody waits for one; otherwise undefined, at once. */
	takeNow(limit: number): Slot | undefined {
		return limit <= 0 || (this.waiting === 0 && this.waitFor(limit) === 0) ? this.occupy() : undefined;
	}

	/**
	 * Milliseconds until fewer than `limit` places are taken; 0 = one is free, Infinity = nobody knows, since
	 * it depends on what is under way.
	 */
	waitFor(limit: number): number {
		if (limit <= 0) return 0;
		const now = this.clock.now();
		for (const place of this.places) if (place.freeAt <= now) this.places.delete(place);
		const capacity = Math.max(1, Math.floor(limit));
		if (this.places.size < capacity) return 0;
		const times = [...this.places].map(({ freeAt }) => freeAt).sort((a, b) => a - b);
		return (times[this.places.size - capacity] ?? now) - now;
	}

	/** Takes a place at once, over the limit too: for what runs anyway. */
	occupy(): Slot {
		const place: Place = { freeAt: Infinity };
		this.places.add(place);
		return {
			answered: () => {
				place.freeAt = this.clock.now() + this.windowMs;
				this.wake();
			},
			giveBack: () => {
				this.places.delete(place);
				this.wake();
			},
		};
	}

	/** Lets the one who waits look again. */
	private wake(): void {
		const before = this.changed;
		this.changed = new AbortController();
		before.abort();
	}
}
