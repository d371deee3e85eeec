import { sleep } from 'n8n-workflow';
import { monotonicNow } from '../async/monotonic';

const TICK_MS = 1_000;

/** Why a wait is ended before its time. Ready-made: Node.js would make an error, with a stack, for each. */
export const OVER = new Error('It is over');

/**
 * Calls `giveUp` when nothing has moved for too long. A limit on the whole transfer would end a slow one that is doing
 * well, so each byte that is seen to move restarts the timer.
 * @param transfer `progress` grows with what moves; `patienceMs` is how long it may stand still, asked each time
 * @param finished ends the watch
 */
export async function watchIdle(
	transfer: { progress: () => number; patienceMs: () => number },
	giveUp: () => void,
	finished: AbortSignal,
): Promise<void> {
	let seen = transfer.progress();
	let since = monotonicNow();
	while (!finished.aborted) {
		await sleep(TICK_MS, finished).catch(() => undefined);
		const progress = transfer.progress();
		if (progress !== seen) [seen, since] = [progress, monotonicNow()];
		if (monotonicNow() - since >= transfer.patienceMs()) return giveUp();
	}
}
