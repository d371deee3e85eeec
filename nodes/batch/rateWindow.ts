/**
 * How many tasks were submitted within the last minute. A submission counts from its start until one window
 * after its answer: nobody knows at which moment of a slow upload the service counts it.
 */
export class RateWindow {
	private underWay = 0;

	/** When submissions had their answers, in order: those within the last window, and always the last one. */
	private readonly answers: number[] = [];

	/** @param windowMs the window that limits are counted in, in milliseconds */
	constructor(private readonly windowMs: number) {}

	/**
	 * Milliseconds from `now` until there is room for one more: 0 = now, Infinity = only what is under way knows.
	 * @param limit submissions per window; below 1 it is one submission in several windows
	 */
	waitFor(limit: number, now: number): number {
		const spanMs = limit < 1 ? Math.ceil(this.windowMs / limit) : this.windowMs;
		this.forget(now);
		const counting = this.answers.findIndex((at) => at + spanMs > now);
		const first = counting < 0 ? this.answers.length : counting;
		const tooMany = this.underWay + (this.answers.length - first) - Math.max(1, Math.floor(limit));
		if (tooMany < 0) return 0;
		const leaving = this.answers[first + tooMany];
		return leaving === undefined ? Infinity : leaving + spanMs - now;
	}

	/** A submission starts. */
	start(): void {
		this.underWay += 1;
	}

	/** It has its answer, and a task was, or may have been, made. */
	count(now: number): void {
		this.underWay -= 1;
		this.answers.push(now);
		this.forget(now);
	}

	/** It has its answer, and surely no task was made. */
	drop(): void {
		this.underWay -= 1;
	}

	/** The last answer stays: for a limit below 1, which only ever looks at that one, it counts for longer. */
	private forget(now: number): void {
		while (this.answers.length > 1 && (this.answers[0] ?? now) + this.windowMs <= now) this.answers.shift();
	}
}
