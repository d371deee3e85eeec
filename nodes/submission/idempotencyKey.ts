import { withTimeout } from '../async/withTimeout';
import type { KeyChange, KeyClaim, Outcome, Submission, Tools } from './submission';

/** How long a call to n8n's database may take, in milliseconds: the item holds its permit, and other keys of its node wait, meanwhile. */
export const DATABASE_MS = 30_000;

/**
 * Claims the item's key just before its request: no earlier, since a crash while the item waits in the queue would
 * leave a key claimed for a video that was never sent.
 * @returns the claim, or why there is none; `claimed` without a key
 */
export async function claimKey({ idempotencyKey }: Submission, requestId: string, tools: Tools): Promise<KeyClaim | Outcome> {
	if (!idempotencyKey) return 'claimed';
	try {
		const claim = await withTimeout(idempotencyKey.claim(), DATABASE_MS, tools);
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
	if (idempotencyKey) await withTimeout(idempotencyKey[change](), DATABASE_MS, tools).catch(() => undefined);
}
