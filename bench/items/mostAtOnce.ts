/** A stretch of time; what ends at a moment makes room for what begins then. */
export interface Stretch {
	from: number;
	to: number;
}

/** How many of these overlap at most. */
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
