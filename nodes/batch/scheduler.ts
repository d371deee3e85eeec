import { onAbort } from '../hidream/onAbort';
import type { Verdict } from '../hidream/verdict';
import { systemClock } from './clock';
import type { Clock } from './clock';
import { HoldBack } from './holdBack';
import { RateWindow } from './rateWindow';

/** The limits that a submission has to keep. */
export interface Limits {
	/** 0 = no pacing; below 1: one task in several minutes. */
	tasksPerMinute: number;
	/** 0 = no limit; undefined where the end of the task is not learnt, so that the limit cannot be kept. */
	parallelTasks?: number;
}

/** How a refusal that will pass is waited out. */
export interface Patience {
	/** The wait that the service named, in milliseconds. */
	retryAfterMs?: number;
	/** How long refusals may be waited out, in milliseconds, counted from the first of an unbroken row. */
	budgetMs: number;
}

/** The leave to submit one task. Whoever has it must say, once, what came of it. */
export interface Leave {
	/** Its number in the line; who is put back keeps it. */
	readonly arrival: number;
	/** The submission has its answer. */
	answered: (kind: Verdict['kind']) => void;
	/**
	 * … and it is a refusal that will pass: the whole account waits.
	 * @returns the milliseconds to wait; undefined when that is more than the budget: then nobody waits
	 */
	refusedForNow: (patience: Patience) => number | undefined;
	/** The task has ended, or is no longer waited for. */
	ended: () => void;
}

interface Waiting {
	arrival: number;
	limits: Limits;
	go: (leave: Leave) => void;
}

/** What somebody further ahead in the line waits for: nobody behind may take it away. */
interface Claims {
	rate: boolean;
	parallel: boolean;
}

/** Nothing to give back. One for all: an item keeps it as long as its outcome, and with it whatever it leads to. */
const NO_PLACE = () => undefined;

/**
 * Says who may submit a task, and when, for all executions of this process that use one account. Each run has
 * as many items in the line as it may send at once, so that a large run does not shut out a small one; the line
 * is served first come, first served. A place among the tasks of a minute is taken when a submission starts and
 * is free one window after its answer; a place among the tasks that run is free when the task has ended.
 */
export class Scheduler {
	private readonly line: Waiting[] = [];
	private readonly rate: RateWindow;
	private readonly holdBack = new HoldBack();
	private running = 0;
	private arrivals = 0;
	private alarm: { at: number; off: AbortController } | undefined;

	/** @param windowMs the window that `tasksPerMinute` counts in */
	constructor(
		windowMs: number,
		private readonly clock: Clock = systemClock,
	) {
		this.rate = new RateWindow(windowMs);
	}

	/** Whether somebody waits for a task to end. */
	get awaitsTaskEnd(): boolean {
		return this.line.some(({ limits }) => this.isFull(limits));
	}

	/**
	 * Waits in line for the leave to submit.
	 * @param arrival the number of an earlier leave: who was refused for now is put back where it was
	 * @returns undefined when `signal` fired first
	 */
	async admit(limits: Limits, { signal, arrival }: { signal?: AbortSignal; arrival?: number } = {}): Promise<Leave | undefined> {
		if (signal?.aborted) return undefined;
		const leave = await new Promise<Leave | undefined>((resolve) => {
			const waiting: Waiting = { arrival: arrival ?? this.arrivals++, limits, go: resolve };
			this.line.splice(this.placeOf(waiting.arrival), 0, waiting);
			const forget = onAbort(signal, () => {
				this.line.splice(this.line.indexOf(waiting), 1);
				resolve(undefined);
				this.serve();
			});
			waiting.go = (given) => {
				forget();
				resolve(given);
			};
			this.serve();
		});
		if (!leave || !signal?.aborted) return leave;
		// Somebody else of its run left the line first, and so it was let go in the very moment of the cancel.
		leave.answered('refused');
		return undefined;
	}

	/** Gives leave if there is room that nobody waits for; otherwise the milliseconds to wait, Infinity where nobody knows. */
	admitNow(limits: Limits): Leave | number {
		const claims: Claims = { rate: false, parallel: false };
		for (const waiting of this.line) this.waitFor(waiting.limits, claims);
		const ms = this.waitFor(limits, claims);
		return ms > 0 ? ms : this.leave(limits, this.arrivals++);
	}

	/**
	 * Takes a place for a task that runs already, over the limit too.
	 * @returns gives the place back
	 */
	adopt(): () => void {
		let runs = true;
		this.running += 1;
		return () => {
			if (runs) this.running -= 1;
			runs = false;
			this.serve();
		};
	}

	/** Lets go, in the order of arrival, everybody for whom there is room, and sets the alarm for the next one. */
	private serve(): void {
		const claims: Claims = { rate: false, parallel: false };
		let next = Infinity;
		for (const waiting of [...this.line]) {
			const ms = this.waitFor(waiting.limits, claims);
			if (ms > 0) next = Math.min(next, ms);
			else {
				this.line.splice(this.line.indexOf(waiting), 1);
				waiting.go(this.leave(waiting.limits, waiting.arrival));
			}
		}
		this.setAlarm(this.clock.now() + next);
	}

	/** Where in the line a number belongs; most belong at its end. */
	private placeOf(arrival: number): number {
		let place = this.line.length;
		while (place > 0 && (this.line[place - 1]?.arrival ?? arrival) > arrival) place -= 1;
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
		// The places of the minute are not kept free for one who waits for a task to end: that may take minutes.
		if (rate > 0 && !full) claims.rate = true;
		if (parallelTasks > 0 && (full || rate > 0)) claims.parallel = true;
		return full ? Infinity : Math.max(rate, this.holdBack.waitFor(now));
	}

	private leave({ parallelTasks }: Limits, arrival: number): Leave {
		const { holdBack, rate, clock } = this;
		const admittedAt = clock.now();
		rate.start();
		const ended = parallelTasks === undefined ? NO_PLACE : this.adopt();
		const answered = (kind: Verdict['kind']) => {
			if (kind === 'refused') rate.drop();
			else rate.count(clock.now());
			if (kind === 'accepted') holdBack.accepted();
			else ended();
			this.serve();
		};
		const refusedForNow = (patience: Patience) => {
			const ms = holdBack.refused({ admittedAt, ...patience }, clock.now());
			answered('refused');
			return ms;
		};
		return { arrival, answered, refusedForNow, ended };
	}

	private setAlarm(at: number): void {
		if (this.alarm?.at === at) return;
		this.alarm?.off.abort();
		this.alarm = undefined;
		if (at === Infinity) return;
		const alarm = { at, off: new AbortController() };
		this.alarm = alarm;
		void this.clock.wait(at - this.clock.now(), alarm.off.signal).then(() => {
			if (this.alarm !== alarm) return;
			this.alarm = undefined;
			this.serve();
		});
	}
}
