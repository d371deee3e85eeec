/** So many tasks within a sliding window. */
export interface Rate {
	tasks: number;
	windowMs: number;
}

/** A fraction is counted in a window of up to so many units, and of so many tasks: a larger window would start with a burst. */
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
