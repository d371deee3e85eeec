import type { Clock } from '../../../nodes/async/clock';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** Runs everything that only waits for promises. */
export const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** More waits than any test needs: the code under test polls instead of sleeping. */
const MAX_WAITS = 20_000;

/** More reads of one time than any test needs: the code under test loops without sleeping. */
const MAX_READS = 1_000_000;

/** A clock that only a test moves. */
export class SimulatedClock implements Clock {
	/** The length of each wait, in order. */
	readonly waits: number[] = [];

	private time = 0;

	/** Calls of `now` since the time last changed. */
	private reads = 0;

	private readonly sleepers = new Set<Sleeper>();

	/** The number of running timers. */
	get waiting(): number {
		return this.sleepers.size;
	}

	readonly now = (): number => {
		this.reads += 1;
		if (this.reads > MAX_READS) throw new Error(`More than ${MAX_READS} reads of one time: an endless loop?`);
		return this.time;
	};

	readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
		this.waits.push(ms);
		if (this.waits.length > MAX_WAITS) throw new Error(`More than ${MAX_WAITS} waits: an endless loop?`);
		if (ms <= 0 || signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const wake = () => {
				this.sleepers.delete(sleeper);
				signal?.removeEventListener('abort', wake);
				resolve();
			};
			const sleeper: Sleeper = { at: this.time + ms, wake };
			this.sleepers.add(sleeper);
			signal?.addEventListener('abort', wake, { once: true });
		});
	};

	/** Moves the clock by `ms` and fires each timer at its time. */
	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		await settle();
		for (let next = this.first(); next && next.at <= end; next = this.first()) {
			this.turnTo(next.at);
			next.wake();
			await settle();
		}
		this.turnTo(end);
		await settle();
	}

	/** Moves the clock from timer to timer until `promise` is settled. Throws if no timer is left. */
	async run<T>(promise: Promise<T>): Promise<T> {
		let ended = false;
		const end = () => {
			ended = true;
		};
		promise.then(end, end);
		await settle();
		while (!ended) {
			const next = this.first();
			if (!next || next.at === Infinity) throw new Error('No timer is left, and the promise is still pending');
			await this.advance(next.at - this.time);
		}
		return await promise;
	}

	private turnTo(time: number): void {
		this.time = time;
		this.reads = 0;
	}

	private first(): Sleeper | undefined {
		return [...this.sleepers].sort((a, b) => a.at - b.at)[0];
	}
}

/** Whether the promise is settled after everything has run that only waits for promises. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
	let ended = false;
	const end = () => {
		ended = true;
	};
	promise.then(end, end);
	await settle();
	return ended;
}
