import { onAbort } from '../async/onAbort';
import type { KeyChange, KeyClaim, Outcome, Submission, Tools } from './submission';

/** How long a call to n8n's database may take, in milliseconds: the item holds its permit, and other keys of its node wait, meanwhile. */
const DATABASE_MS = 30_000;

/** What `call` gives; undefined when it takes too long, or the execution is cancelled first. */
export async function inTime<T>(call: Promise<T>, { clock, signal }: Pick<Tools, 'clock' | 'signal'>): Promise<T | undefined> {
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
 * @returns the claim, or why there is none; `claimed` without a key
 */
export async function claimKey({ idempotencyKey }: Submission, requestId: string, tools: Tools): Promise<KeyClaim | Outcome> {
	if (!idempotencyKey) return 'claimed';
	try {
		const claim = await inTime(idempotencyKey.claim(), tools);
		if (claim !== undefined) return claim;
	} catch (error) {
		return { kind: 'refused', requestId, reason: { code: 'keyNotRecorded', detail: (error as Error).message } };
	}
	if (tools.signal?.aborted) return { kind: 'cancelled' };
	return { kind: 'refused', requestId, reason: { code: 'keyTimeout', timeoutMs: DATABASE_MS } };
}

/**
 * Records what became of the key's request. If that fails the key stays unresolved or submitted: the video is not sent again
 * by itself, which costs nothing. Never throws.
 */
export async function updateKey({ idempotencyKey }: Submission, change: KeyChange, tools: Tools): Promise<void> {
	if (idempotencyKey) await inTime(idempotencyKey[change](), tools).catch(() => undefined);
}
