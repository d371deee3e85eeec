import { onAbort } from '../async/onAbort';
import { Backoff } from './backoff';
import { systemClock, Timer, type Clock } from '../async/clock';
import type { BackoffTooLong, Limits, Permit, SubmitResult, TemporaryRefusal } from './permit';
import { SlidingWindow } from './slidingWindow';

interface Waiting<R> {
	ticket: number;
	limits: Limits;
	maxRetryMs: number;
	go: (permit: Permit<R> | BackoffTooLong<R> | undefined) => void;
}

/** What items ahead in the queue wait for: items behind them must not take it. */
interface Claims {
	rate: boolean;
	parallel: boolean;
}

/** How an item waits in the queue. */
interface Queueing {
	/** Ends the wait. */
	signal?: AbortSignal;
	/** The number of an earlier permit: a retry keeps its position. */
	ticket?: number;
	/** The item's retry budget, in milliseconds: it does not wait while the account backs off for longer. */
	maxRetryMs?: number;
}

/** Nothing to release. Shared, because an outcome keeps a reference to it. */
const NO_SLOT = () => undefined;

/**
 * Decides when each submission of an account may start, for all executions of this process. A run queues only as many items
 * as it may send concurrently, so a large run does not block a small one; the queue is first in, first out. A rate slot is taken
 * when a submission starts and is free one window after its response; a parallel slot is free when the task has ended.
 */
export class Scheduler<R = unknown> {
	private readonly queue: Array<Waiting<R>> = [];
	private readonly rate: SlidingWindow;
	private readonly backoff: Backoff<R>;
	private running = 0;
	private tickets = 0;
	private readonly timer: Timer;

	/**
	 * @param unitMs the time that `tasksPerMinute` counts in
	 * @param random between 0 and 1, for the jitter of the backoff
	 */
	constructor(
		unitMs: number,
		private readonly clock: Clock = systemClock,
		random: () => number = Math.random,
	) {
		this.rate = new SlidingWindow(unitMs);
		this.backoff = new Backoff(random);
		this.timer = new Timer(clock, () => this.dispatch());
	}

	/** Whether an item in the queue waits for a task to end. */
	get awaitsTaskEnd(): boolean {
		return this.queue.some(({ limits }) => this.isFull(limits));
	}

	/** Whether the queue is empty, nothing is in flight or running, and no rate slot or backoff is pending. */
	get isIdle(): boolean {
		const now = this.clock.now();
		return this.queue.length === 0 && this.running === 0 && this.rate.isIdle(now) && this.backoff.waitFor(now) === 0;
	}

	/**
	 * Waits in the queue for the permit to submit.
	 * @returns `BackoffTooLong` if the account backs off for longer than the item may wait; undefined if `signal` fired first
	 */
	async acquire(limits: Limits, { signal, ticket, maxRetryMs = Infinity }: Queueing = {}): Promise<Permit<R> | BackoffTooLong<R> | undefined> {
		if (signal?.aborted) return undefined;
		const result = await new Promise<Permit<R> | BackoffTooLong<R> | undefined>((resolve) => {
			const waiting: Waiting<R> = { ticket: ticket ?? this.tickets++, limits, maxRetryMs, go: resolve };
			this.queue.splice(this.indexOf(waiting.ticket), 0, waiting);
			const forget = onAbort(signal, () => {
				this.queue.splice(this.queue.indexOf(waiting), 1);
				resolve(undefined);
				this.dispatch();
			});
			waiting.go = (given) => {
				forget();
				resolve(given);
			};
			this.dispatch();
		});
		if (!result || !signal?.aborted) return result;
		// The signal fired after the permit was granted.
		if ('release' in result) result.release('refused');
		return undefined;
	}

	/** Returns a permit if there is room that no queued item waits for; otherwise the milliseconds to wait, Infinity if unknown. */
	tryAcquire(limits: Limits): Permit<R> | number {
		const claims: Claims = { rate: false, parallel: false };
		for (const waiting of this.queue) this.waitFor(waiting.limits, claims);
		const ms = this.waitFor(limits, claims);
		return ms > 0 ? ms : this.permit(limits, this.tickets++);
	}

	/**
	 * Takes a parallel slot for a task that runs already, even above the limit.
	 * @returns releases the slot
	 */
	addRunning(): () => void {
		let runs = true;
		this.running += 1;
		return () => {
			if (runs) this.running -= 1;
			runs = false;
			this.dispatch();
		};
	}

	/** Gives permits in the order of the queue while there is room, and schedules the timer for the next one. */
	private dispatch(): void {
		const claims: Claims = { rate: false, parallel: false };
		let next = Infinity;
		for (const waiting of [...this.queue]) {
			const tooLong = this.backoff.tooLong(waiting.maxRetryMs, this.clock.now());
			const ms = tooLong ? 0 : this.waitFor(waiting.limits, claims);
			if (ms > 0) next = Math.min(next, ms);
			else {
				this.queue.splice(this.queue.indexOf(waiting), 1);
				waiting.go(tooLong ?? this.permit(waiting.limits, waiting.ticket));
			}
		}
		this.timer.schedule(this.clock.now() + next);
	}

	/** The index of a ticket in the queue; most belong at its end. */
	private indexOf(ticket: number): number {
		let index = this.queue.length;
		while (index > 0 && (this.queue[index - 1]?.ticket ?? ticket) > ticket) index -= 1;
		return index;
	}

	private isFull({ parallelTasks = 0 }: Limits): boolean {
		return parallelTasks > 0 && this.running >= Math.max(1, Math.floor(parallelTasks));
	}

	/** Milliseconds until these limits leave room; adds to `claims` what the item waits for. */
	private waitFor(limits: Limits, claims: Claims): number {
		const now = this.clock.now();
		const { tasksPerMinute, parallelTasks = 0 } = limits;
		const unpaced = tasksPerMinute <= 0;
		const rate = unpaced ? 0 : claims.rate ? Infinity : this.rate.waitFor(tasksPerMinute, now);
		const full = this.isFull(limits) || (parallelTasks > 0 && claims.parallel);
		// An item that waits for a task to end does not reserve a rate slot: that may take minutes.
		if (rate > 0 && !full) claims.rate = true;
		if (parallelTasks > 0 && (full || rate > 0)) claims.parallel = true;
		return full ? Infinity : Math.max(rate, this.backoff.waitFor(now));
	}

	private permit({ parallelTasks }: Limits, ticket: number): Permit<R> {
		const { backoff, rate, clock } = this;
		const startedAt = clock.now();
		rate.reserve();
		const ended = parallelTasks === undefined ? NO_SLOT : this.addRunning();
		const release = (kind: SubmitResult) => {
			if (kind === 'refused') rate.cancel();
			else rate.commit(clock.now());
			if (kind === 'accepted') backoff.accepted();
			else ended();
			this.dispatch();
		};
		const backOff = (refusal: TemporaryRefusal<R>) => backoff.refused(refusal, startedAt, clock.now());
		return { ticket, backOff, release, ended };
	}
}
