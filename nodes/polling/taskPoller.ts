import { MIN_POLL_MS } from '../hidream/limits';
import { onAbort } from '../async/onAbort';
import { hasEnded, type TaskState } from '../hidream/status';
import type { TaskQueryResult } from '../hidream/queryTasks';
import { systemClock, type Clock } from '../async/clock';

export interface WaitOptions {
	/** Queries the status of these tasks; never throws. */
	queryTasks: (taskIds: string[]) => Promise<Map<string, TaskQueryResult>>;
	/** The first pause between two status requests, in milliseconds. */
	pollMs: number;
	/** How long to wait in all, in milliseconds. */
	maxWaitMs: number;
	/** Ends the wait immediately. */
	signal?: AbortSignal;
}

/** `state` is the last one that was seen; undefined when none was. */
export type WaitResult = { end: 'ended'; state: TaskState } | { end: 'timedOut' | 'cancelled'; state?: TaskState };

interface Waiter extends WaitOptions {
	taskId: string;
	deadline: number;
	state?: TaskState;
	resolve: (waited: WaitResult) => void;
}

/** Pauses grow by this factor while nothing happens, up to the longest, in milliseconds. */
const GROWTH = 1.5;
const MAX_PAUSE_MS = 60_000;

/** A pause is longer by up to this share of itself, so that several n8n processes do not query in step. */
const JITTER = 0.1;

/**
 * Waits for tasks of one account to end: one status request about all of them per pause, for all executions. The pause
 * grows while nothing happens and restarts when a task is added or ends. A failed request is repeated after the next pause.
 */
export class TaskPoller {
	private readonly waiters = new Set<Waiter>();
	private running = false;

	/** What the pause has grown to; 0 = the shortest poll interval of all waits. */
	private grownMs = 0;

	/** No status request is sent before this time. */
	private nextAt = -Infinity;

	/** Ends the current sleep. */
	private currentSleep = new AbortController();

	/**
	 * @param isUrgent whether an item can only be submitted once a task has ended: then the pause does not grow
	 * @param random between 0 and 1, for the jitter of the pause
	 */
	constructor(
		private readonly clock: Clock = systemClock,
		private readonly isUrgent: () => boolean = () => false,
		private readonly random: () => number = Math.random,
	) {}

	/** Whether no task is waited for. */
	get isIdle(): boolean {
		return !this.running;
	}

	/** Waits until the task has ended, time is up, or `signal` fires. Never rejects. */
	async wait(taskId: string, wait: WaitOptions): Promise<WaitResult> {
		if (wait.signal?.aborted) return { end: 'cancelled' };
		return await new Promise<WaitResult>((resolve) => {
			const waiter: Waiter = { ...wait, taskId, deadline: this.clock.now() + wait.maxWaitMs, resolve };
			const forget = onAbort(wait.signal, () => this.settle(waiter, { end: 'cancelled', state: waiter.state }));
			waiter.resolve = (waited) => {
				forget();
				resolve(waited);
			};
			this.waiters.add(waiter);
			this.resetPause();
			if (!this.running) void this.run();
		});
	}

	private async run(): Promise<void> {
		this.running = true;
		while (this.waiters.size > 0) {
			await this.pause();
			await this.queryAll();
			this.endOverdue();
		}
		this.running = false;
	}

	/** Sleeps until the next request is due or the first deadline is reached; a new task may shorten it. */
	private async pause(): Promise<void> {
		const start = this.clock.now();
		const jitter = 1 + JITTER * this.random();
		for (;;) {
			const deadline = this.least(({ deadline }) => deadline);
			const due = start + Math.max(this.least(({ pollMs }) => pollMs), Math.min(this.pauseMs() * jitter, MAX_PAUSE_MS));
			const left = Math.max(Math.min(due, deadline), this.nextAt) - this.clock.now();
			if (left <= 0 || this.waiters.size === 0) break;
			this.currentSleep = new AbortController();
			await this.clock.sleep(left, this.currentSleep.signal);
		}
		if (this.waiters.size > 0) this.nextAt = this.clock.now() + MIN_POLL_MS;
		this.grownMs = this.isUrgent() ? 0 : this.pauseMs() * GROWTH;
	}

	private async queryAll(): Promise<void> {
		const waiters = [...this.waiters];
		const query = waiters[0]?.queryTasks;
		if (!query) return;
		// A query that throws must not end the polling: all other waits would never end.
		const results = await query([...new Set(waiters.map(({ taskId }) => taskId))]).catch(() => new Map<string, TaskQueryResult>());
		for (const waiter of waiters) {
			const result = results.get(waiter.taskId);
			if (!result || 'reason' in result) continue;
			waiter.state = result.state;
			if (!hasEnded(result.state.status)) continue;
			this.settle(waiter, { end: 'ended', state: result.state });
			this.resetPause();
		}
	}

	private endOverdue(): void {
		const now = this.clock.now();
		for (const waiter of this.waiters) {
			if (waiter.deadline <= now) this.settle(waiter, { end: 'timedOut', state: waiter.state });
		}
	}

	private settle(waiter: Waiter, waited: WaitResult): void {
		if (!this.waiters.delete(waiter)) return;
		waiter.resolve(waited);
		this.wake();
	}

	private pauseMs(): number {
		const shortest = this.least(({ pollMs }) => pollMs);
		return Math.max(Math.min(this.grownMs, MAX_PAUSE_MS), shortest);
	}

	/** A loop, because there may be more waiters than a call can have arguments. */
	private least(of: (waiter: Waiter) => number): number {
		let least = Infinity;
		for (const waiter of this.waiters) least = Math.min(least, of(waiter));
		return least;
	}

	/** Does not iterate over the waiters: it is called for each of them, and there may be 100,000. */
	private resetPause(): void {
		this.grownMs = 0;
		this.wake();
	}

	private wake(): void {
		// Each abort makes an error with a stack, even where it changes nothing.
		if (!this.currentSleep.signal.aborted) this.currentSleep.abort();
	}
}
