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
	const lane = async () => {
		while (!stopped && next < count) {
			try {
				if ((await work(next++)) === 'stop') stopped = true;
			} catch (error) {
				stopped = true;
				throw error;
			}
		}
	};
	const lanes = Array.from({ length: Math.min(concurrency, count) }, lane);
	const failed = (await Promise.allSettled(lanes)).find((result) => result.status === 'rejected');
	if (failed) throw failed.reason;
}
