import { onAbort } from '../async/onAbort';
import type { Outcome, Submission, Tools } from './submission';

/** How long a call to n8n's database may take, in milliseconds: the item holds its permit meanwhile. */
const DATABASE_MS = 30_000;

/** What `call` gives; undefined when it takes too long, or the execution is cancelled first. */
async function inTime<T>(call: Promise<T>, { clock, signal }: Tools): Promise<T | undefined> {
	const over = new AbortController();
	const forget = onAbort(signal, () => over.abort());
	try {
		return await Promise.race([call, clock.sleep(DATABASE_MS, over.signal).then(() => undefined)]);
	} finally {
		forget();
		over.abort();
	}
}

/**
 * Claims the item's key just before its request: no earlier, since a crash while the item waits in the queue would
 * leave a key claimed for a video that was never sent.
 * @returns undefined when the request may go out, otherwise what became of the item
 */
export async function claimKey(submission: Submission, requestId: string, tools: Tools): Promise<Outcome | undefined> {
	if (!submission.claimKey) return undefined;
	const claiming = submission.claimKey();
	try {
		const claimed = await inTime(claiming, tools);
		if (claimed !== undefined) return claimed ? undefined : { kind: 'alreadySubmitted' };
	} catch (error) {
		return { kind: 'refused', requestId, reason: { code: 'keyNotRecorded', detail: (error as Error).message } };
	}
	// The video is not sent, so a claim that still succeeds is undone.
	void claiming.then(async (late) => (late ? await submission.releaseKey?.() : undefined)).catch(() => undefined);
	if (tools.signal?.aborted) return { kind: 'cancelled' };
	return { kind: 'refused', requestId, reason: { code: 'keyTimeout', timeoutMs: DATABASE_MS } };
}

/** Gives the key back, since surely no task was made. If that fails it stays claimed: the video is not sent again, which costs nothing. */
export async function releaseKey({ releaseKey }: Submission, tools: Tools): Promise<void> {
	if (releaseKey) await inTime(releaseKey(), tools).catch(() => undefined);
}

/**
 * Makes sure of the key of a task that was made: n8n reads all keys and writes them back, so another process may
 * have written over ours in between. Never throws.
 */
export async function confirmKey({ claimKey }: Submission, tools: Tools): Promise<void> {
	if (claimKey) await inTime(claimKey(), tools).catch(() => undefined);
}
