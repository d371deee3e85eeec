import type { Clock } from '../../../nodes/batch/clock';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** Lets everything run that waits for nothing but other promises. */
export const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** More waits than any test has a reason for: something is looking again and again. */
const BUSY = 20_000;

/** A clock that stands still until a test turns it. */
export class SimulatedClock implements Clock {
	/** How long each wait was asked to be, in order. */
	readonly waits: number[] = [];

	private time = 0;

	private readonly sleepers = new Set<Sleeper>();

	/** How many wait at this moment. */
	get waiting(): number {
		return this.sleepers.size;
	}

	readonly now = (): number => this.time;

	readonly wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
		this.waits.push(ms);
		if (this.waits.length > BUSY) throw new Error('The clock is asked to wait again and again');
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

	/** Turns the clock by `ms`, waking everybody on the way at their own moment. */
	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		await settle();
		for (let next = this.first(); next && next.at <= end; next = this.first()) {
			this.time = next.at;
			next.wake();
			await settle();
		}
		this.time = end;
		await settle();
	}

	/** Turns the clock until `promise` is settled; throws when only somebody else could settle it. */
	async run<T>(promise: Promise<T>): Promise<T> {
		let ended = false;
		const end = () => {
			ended = true;
		};
		promise.then(end, end);
		await settle();
		while (!ended) {
			const next = this.first();
			if (!next || next.at === Infinity) throw new Error('Nobody is waiting for the clock, and the promise is still open');
			await this.advance(next.at - this.time);
		}
		return await promise;
	}

	private first(): Sleeper | undefined {
		return [...this.sleepers].sort((a, b) => a.at - b.at)[0];
	}
}

/** Whether the promise has been settled by now, without waiting for anything but other promises. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
	let ended = false;
	const end = () => {
		ended = true;
	};
	promise.then(end, end);
	await settle();
	return ended;
}
