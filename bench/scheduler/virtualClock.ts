import type { Clock } from '../../nodes/async/clock';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** Runs everything that only waits for other promises. */
const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** A clock that jumps from one timer to the next, so that weeks pass in seconds. */
export class VirtualClock implements Clock {
	/** The number of timers set. */
	waits = 0;

	private time = 0;

	/** By time, then in the order in which they were set. */
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
			this.sleepers.splice(this.positionOf(sleeper.at), 0, sleeper);
		});
	};

	/** Advances the clock until `work` has ended; throws its error, or one if only something else could end it. */
	async run<T>(work: Promise<T>): Promise<T> {
		let ended = false;
		const end = () => {
			ended = true;
		};
		work.then(end, end);
		for (await settle(); !ended; await settle()) {
			const next = this.sleepers.shift();
			if (!next) throw new Error('No timer is set, and the work has not ended');
			this.time = next.at;
			next.wake();
		}
		return await work;
	}

	private positionOf(at: number): number {
		let position = this.sleepers.length;
		while (position > 0 && (this.sleepers[position - 1]?.at ?? 0) > at) position -= 1;
		return position;
	}
}
