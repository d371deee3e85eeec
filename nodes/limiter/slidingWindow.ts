/** A number of tasks within a sliding window. */
export interface Rate {
	tasks: number;
	windowMs: number;
}

/** A fraction is counted in a window of at most this many units and tasks: a larger window would start with a burst. */
const MAX_UNITS = 5;
const MAX_TASKS = 50;

const ROUNDING = 1e-9;

/**
 * The sliding window that keeps `limit` tasks per `unitMs` exactly: 1.5 is three in two units, 0.5 one in two. A fraction
 * that no small window makes whole spreads its tasks evenly: 1.37 is one in 1 / 1.37 units.
 * @param limit above 0
 */
export function rateOf(limit: number, unitMs: number): Rate {
	for (let units = 1; units <= MAX_UNITS && limit >= 1; units++) {
		const tasks = Math.round(limit * units);
		const fits = units === 1 || tasks <= MAX_TASKS;
		if (fits && Math.abs(limit * units - tasks) < ROUNDING) return { tasks, windowMs: units * unitMs };
	}
	const tasks = Math.max(1, Math.floor(limit));
	return { tasks, windowMs: Math.ceil((tasks / limit) * unitMs) };
}

/**
 * A sliding window of submissions. Each counts from its start until one window
 * after its response: it is unknown when during a slow upload the service counts it.
 */
export class SlidingWindow {
	private inFlight = 0;

	/** When submissions had their responses, in order: those within the last unit, and always the last `MAX_TASKS`, since a longer window holds no more. */
	private readonly responses: number[] = [];

	/** The longest window of all limits so far, in milliseconds. */
	private longestMs = 0;

	/** @param unitMs the time that limits are counted in, in milliseconds */
	constructor(private readonly unitMs: number) {}

	/**
	 * Milliseconds from `now` until there is room for one more: 0 = now, Infinity = unknown until a submission in flight has its response.
	 * @param limit submissions per unit, above 0
	 */
	waitFor(limit: number, now: number): number {
		const { tasks, windowMs } = rateOf(limit, this.unitMs);
		this.longestMs = Math.max(this.longestMs, windowMs);
		this.forget(now);
		const counting = this.responses.findIndex((at) => at + windowMs > now);
		const first = counting < 0 ? this.responses.length : counting;
		const tooMany = this.inFlight + (this.responses.length - first) - tasks;
		if (tooMany < 0) return 0;
		const leaving = this.responses[first + tooMany];
		return leaving === undefined ? Infinity : leaving + windowMs - now;
	}

	/** Whether nothing is in flight, and nothing counts any more. */
	isIdle(now: number): boolean {
		return this.inFlight === 0 && (this.responses.at(-1) ?? -Infinity) + Math.max(this.unitMs, this.longestMs) <= now;
	}

	/** A submission starts. */
	reserve(): void {
		this.inFlight += 1;
	}

	/** It has its response, and a task was, or may have been, made. */
	commit(now: number): void {
		this.inFlight -= 1;
		this.responses.push(now);
		this.forget(now);
	}

	/** It has its response, and no task was created. */
	cancel(): void {
		this.inFlight -= 1;
	}

	private forget(now: number): void {
		while (this.responses.length > MAX_TASKS && (this.responses[0] ?? now) + this.unitMs <= now) this.responses.shift();
	}
}
