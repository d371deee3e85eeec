/** A time span. One that ends does not overlap one that begins at the same time. */
export interface Stretch {
	from: number;
	to: number;
}

/** The maximum number of overlapping spans. */
export function mostAtOnce(stretches: readonly Stretch[]): number {
	const changes = stretches.flatMap(({ from, to }) => [{ at: from, by: 1 }, { at: to, by: -1 }]);
	changes.sort((a, b) => a.at - b.at || a.by - b.by);
	let [now, most] = [0, 0];
	for (const { by } of changes) {
		now += by;
		most = Math.max(most, now);
	}
	return most;
}
