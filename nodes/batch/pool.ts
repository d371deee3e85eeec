/**
 * Runs `work` for 0 … count-1, at most `concurrency` at once, in order. `work` says whether anything may still
 * be started; what is under way is always awaited.
 * @throws what `work` throws, after everything under way has ended
 */
export async function runPool(
	count: number,
	concurrency: number,
	work: (index: number) => Promise<'go on' | 'stop'>,
): Promise<void> {
	let next = 0;
	let stopped = false;
	const errors: unknown[] = [];
	const lane = async () => {
		while (!stopped && next < count) stopped = (await work(next++)) === 'stop' || stopped;
	};
	const stop = (error: unknown) => {
		stopped = true;
		errors.push(error);
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, count) }, async () => await lane().catch(stop)));
	if (errors.length > 0) throw errors[0];
}
