import { onAbort } from '../async/onAbort';
import { Timer } from './timer';
import { Backoff } from './backoff';
import { systemClock } from '../async/clock';
import type { Clock } from '../async/clock';
import type { BackoffTooLong, Limits, Permit, SubmitResult, TemporaryRefusal } from './permit';
import { SlidingWindow } from './slidingWindow';

interface Waiting<R> {
	ticket: number;
	limits: Limits;
	maxRetryMs: number;
	go: (answer: Permit<R> | BackoffTooLong<R> | undefined) => void;
}

/** What items further ahead in the queue wait for: items behind them must not take it. */
interface Claims {
	rate: boolean;
	parallel: boolean;
}

/** How an item waits in the queue. */
interface Queueing {
	/** Ends the wait. */
	signal?: AbortSignal;
	/** The number of an earlier permit: a retry goes back to its place. */
	ticket?: number;
	/** The item's retry budget, in milliseconds: it does not wait while the account backs off for longer. */
	maxRetryMs?: number;
}

/** Nothing to give back. One for all: an item keeps it as long as its outcome, and with it whatever it leads to. */
const NO_PLACE = () => undefined;

/**
 * Says who may submit a task, and when, for all executions of this process that use one account. Each run has
 * as many items in the queue as it may send at once, so that a large run does not shut out a small one; the queue
 * is first in, first out. A rate slot is taken when a submission starts and is free one window after its response; a
 * place among the tasks that run is free when the task has ended.
 */
export class Scheduler<R = unknown> {
	private readonly queue: Array<Waiting<R>> = [];
	private readonly rate: SlidingWindow;
	private readonly backoff: Backoff<R>;
	private running = 0;
	private tickets = 0;
	private readonly alarm: Timer;

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
		this.alarm = new Timer(clock, () => this.dispatch());
	}

	/** Whether somebody waits for a task to end. */
	get awaitsTaskEnd(): boolean {
		return this.queue.some(({ limits }) => this.isFull(limits));
	}

	/** Whether nothing waits, is in flight or runs, and nothing that happened still limits anybody. */
	get isIdle(): boolean {
		const now = this.clock.now();
		return this.queue.length === 0 && this.running === 0 && this.rate.isIdle(now) && this.backoff.waitFor(now) === 0;
	}

	/**
	 * Waits in the queue for the permit to submit.
	 * @returns why it is not worth waiting, where the account backs off for too long; undefined when `signal` fired first
	 */
	async acquire(limits: Limits, { signal, ticket, maxRetryMs = Infinity }: Queueing = {}): Promise<Permit<R> | BackoffTooLong<R> | undefined> {
		if (signal?.aborted) return undefined;
		const answer = await new Promise<Permit<R> | BackoffTooLong<R> | undefined>((resolve) => {
			const waiting: Waiting<R> = { ticket: ticket ?? this.tickets++, limits, maxRetryMs, go: resolve };
			this.queue.splice(this.placeOf(waiting.ticket), 0, waiting);
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
		if (!answer || !signal?.aborted) return answer;
		// Another item of its run left the queue first, and so this one got its permit in the moment of the cancel.
		if ('release' in answer) answer.release('refused');
		return undefined;
	}

	/** Gives a permit if there is room that no item waits for; otherwise the milliseconds to wait, Infinity if unknown. */
	tryAcquire(limits: Limits): Permit<R> | number {
		const claims: Claims = { rate: false, parallel: false };
		for (const waiting of this.queue) this.waitFor(waiting.limits, claims);
		const ms = this.waitFor(limits, claims);
		return ms > 0 ? ms : this.permit(limits, this.tickets++);
	}

	/**
	 * Takes a place for a task that runs already, over the limit too.
	 * @returns gives the place back
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

	/** Gives permits, in the order of the queue, to all for whom there is room, and sets the alarm for the next one. */
	private dispatch(): void {
		const claims: Claims = { rate: false, parallel: false };
		let next = Infinity;
		for (const waiting of [...this.queue]) {
			const held = this.backoff.held(waiting.maxRetryMs, this.clock.now());
			const ms = held ? 0 : this.waitFor(waiting.limits, claims);
			if (ms > 0) next = Math.min(next, ms);
			else {
				this.queue.splice(this.queue.indexOf(waiting), 1);
				waiting.go(held ?? this.permit(waiting.limits, waiting.ticket));
			}
		}
		this.alarm.schedule(this.clock.now() + next);
	}

	/** Where in the queue a ticket belongs; most belong at its end. */
	private placeOf(ticket: number): number {
		let place = this.queue.length;
		while (place > 0 && (this.queue[place - 1]?.ticket ?? ticket) > ticket) place -= 1;
		return place;
	}

	private isFull({ parallelTasks = 0 }: Limits): boolean {
		return parallelTasks > 0 && this.running >= Math.max(1, Math.floor(parallelTasks));
	}

	/** Milliseconds until these limits leave room; enters into `claims` what is waited for. */
	private waitFor(limits: Limits, claims: Claims): number {
		const now = this.clock.now();
		const { tasksPerMinute, parallelTasks = 0 } = limits;
		const unpaced = tasksPerMinute <= 0;
		const rate = unpaced ? 0 : claims.rate ? Infinity : this.rate.waitFor(tasksPerMinute, now);
		const full = this.isFull(limits) || (parallelTasks > 0 && claims.parallel);
		// Rate slots are not kept free for one who waits for a task to end: that may take minutes.
		if (rate > 0 && !full) claims.rate = true;
		if (parallelTasks > 0 && (full || rate > 0)) claims.parallel = true;
		return full ? Infinity : Math.max(rate, this.backoff.waitFor(now));
	}

	private permit({ parallelTasks }: Limits, ticket: number): Permit<R> {
		const { backoff, rate, clock } = this;
		const startedAt = clock.now();
		rate.reserve();
		const ended = parallelTasks === undefined ? NO_PLACE : this.addRunning();
		const release = (kind: SubmitResult) => {
			if (kind === 'refused') rate.cancel();
			else rate.commit(clock.now());
			if (kind === 'accepted') backoff.accepted();
			else ended();
			this.dispatch();
		};
		const backOff = (rejection: TemporaryRefusal<R>) => backoff.rejected(rejection, startedAt, clock.now());
		return { ticket, backOff, release, ended };
	}
}
