import { onAbort } from '../hidream/onAbort';
import type { Verdict } from '../hidream/verdict';
import { Alarm } from './alarm';
import { systemClock } from './clock';
import type { Clock } from './clock';
import { HoldBack } from './holdBack';
import type { Leave, Limits, Patience } from './leave';
import { RateWindow } from './rateWindow';

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
	private readonly alarm: Alarm;

	/** @param windowMs the window that `tasksPerMinute` counts in */
	constructor(
		windowMs: number,
		private readonly clock: Clock = systemClock,
	) {
		this.rate = new RateWindow(windowMs);
		this.alarm = new Alarm(clock, () => this.serve());
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
		this.alarm.setFor(this.clock.now() + next);
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
}
