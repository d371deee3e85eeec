import type { Clock } from '../../nodes/async/clock';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** Lets everything run that waits for nothing but other promises. */
const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** A clock that jumps from one appointment to the next, so that weeks pass in seconds. */
export class VirtualClock implements Clock {
	/** How often somebody asked to be woken. */
	waits = 0;

	private time = 0;

	/** By time, and by the order of asking where that is the same. */
	private readonly sleepers: Sleeper[] = [];

	readonly now = (): number => this.time;

	readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
		if (!(ms > 0) || signal?.aborted) return;
		this.waits += 1;
		await new Promise<void>((resolve) => {
			const leave = () => {
				signal?.removeEventListener('abort', cancel);
				resolve();
			};
			const sleeper: Sleeper = { at: this.time + ms, wake: leave };
			const cancel = () => {
				this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
				leave();
			};
			signal?.addEventListener('abort', cancel);
			this.sleepers.splice(this.placeOf(sleeper.at), 0, sleeper);
		});
	};

	/** Turns the clock until `work` has ended; throws what it throws, and when only somebody else could end it. */
	async run<T>(work: Promise<T>): Promise<T> {
		let ended = false;
		const end = () => {
			ended = true;
		};
		work.then(end, end);
		for (await settle(); !ended; await settle()) {
			const next = this.sleepers.shift();
			if (!next) throw new Error('Nobody waits for the clock, and the work has not ended');
			this.time = next.at;
			next.wake();
		}
		return await work;
	}

	private placeOf(at: number): number {
		let place = this.sleepers.length;
		while (place > 0 && (this.sleepers[place - 1]?.at ?? 0) > at) place -= 1;
		return place;
	}
}
