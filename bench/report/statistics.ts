/** The middle value of an odd number of figures, the mean of the two middle ones of an even number. */
export function median(figures: readonly number[]): number {
	if (figures.length === 0) throw new Error('An empty list has no median');
	const sorted = [...figures].sort((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	const [low = 0, high = 0] = [sorted[half - (sorted.length % 2 === 0 ? 1 : 0)], sorted[half]];
	return (low + high) / 2;
}
