/** A time span. One that ends does not overlap one that begins at the same time. */
export interface TimeSpan {
	from: number;
	to: number;
}

/** The maximum number of overlapping spans. */
export function maxConcurrent(spans: readonly TimeSpan[]): number {
	const changes = spans.flatMap(({ from, to }) => [{ at: from, by: 1 }, { at: to, by: -1 }]);
	changes.sort((a, b) => a.at - b.at || a.by - b.by);
	let [now, maximum] = [0, 0];
	for (const { by } of changes) {
		now += by;
		maximum = Math.max(maximum, now);
	}
	return maximum;
}
