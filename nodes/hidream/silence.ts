import { sleep } from 'n8n-workflow';

const TICK_MS = 1_000;

/** Why a wait is ended before its time. Ready-made: Node.js would make an error, with a stack, for each. */
export const OVER = new Error('It is over');

/**
 * Calls `giveUp` when nothing has moved for too long. A wall clock would end a slow transfer that is doing
 * well, so the clock starts anew with every byte that is seen to move.
 * @param transfer `progress` grows with what moves; `patienceMs` is how long it may stand still, asked each time
 * @param finished ends the watch
 */
export async function watchSilence(
	transfer: { progress: () => number; patienceMs: () => number },
	giveUp: () => void,
	finished: AbortSignal,
): Promise<void> {
	let seen = transfer.progress();
	let since = Date.now();
	while (!finished.aborted) {
		await sleep(TICK_MS, finished).catch(() => undefined);
		const now = transfer.progress();
		if (now !== seen) [seen, since] = [now, Date.now()];
		if (Date.now() - since >= transfer.patienceMs()) return giveUp();
	}
}
