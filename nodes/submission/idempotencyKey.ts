import type { Item } from './attempt';
import { onAbort } from '../async/onAbort';
import type { Outcome, Submission, Tools } from './submission';

/**
 * What claiming a key came to:
 * - `claimed`: nobody used it before, and the video may be sent;
 * - `unresolved`: an earlier request claimed it and has not confirmed it: there may be a task;
 * - `submitted`: it has a task, or is being submitted in this process.
 */
export type KeyClaim = 'claimed' | 'unresolved' | 'submitted';

/** The user's idempotency key of one item, in a store that survives a crash. Every call but `end` may throw. */
export interface IdempotencyKey {
	/** Claims the key for good, before the request. */
	claim: () => Promise<KeyClaim>;
	/** Records that the key has a task. */
	confirm: () => Promise<void>;
	/** Undoes the claim, since surely no task was made. */
	release: () => Promise<void>;
	/** The item is settled: no further call follows. */
	end: () => void;
}

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

/** What becomes of an item by its claim; undefined when the request may go out. */
function afterClaim(claim: KeyClaim, item: Item): Outcome | undefined {
	const { requestId, submission } = item;
	switch (claim) {
		case 'claimed':
			return undefined;
		case 'submitted':
			return { kind: 'alreadySubmitted', requestId };
		case 'unresolved':
			item.unresolved = { code: 'keyUnresolved' };
			return submission.onUnclearResponse === 'resubmit' ? undefined : { kind: 'uncertain', requestId, reason: item.unresolved };
	}
}

/**
 * Claims the item's key just before its request: no earlier, since a crash while the item waits in the queue would
 * leave a key claimed for a video that was never sent.
 * @returns undefined when the request may go out, otherwise what became of the item
 */
export async function claimKey(item: Item, tools: Tools): Promise<Outcome | undefined> {
	const { requestId, submission: { idempotencyKey } } = item;
	if (!idempotencyKey) return undefined;
	const claiming = idempotencyKey.claim();
	try {
		const claim = await inTime(claiming, tools);
		if (claim !== undefined) return afterClaim(claim, item);
	} catch (error) {
		return { kind: 'refused', requestId, reason: { code: 'keyNotRecorded', detail: (error as Error).message } };
	}
	// The video is not sent, so a claim that still succeeds is undone.
	void claiming.then(async (late) => (late === 'claimed' ? await idempotencyKey.release() : undefined)).catch(() => undefined);
	if (tools.signal?.aborted) return { kind: 'cancelled' };
	return { kind: 'refused', requestId, reason: { code: 'keyTimeout', timeoutMs: DATABASE_MS } };
}

/** Releases the key, since surely no task was made. If that fails it stays claimed: the video is not sent again, which costs nothing. */
export async function releaseKey({ idempotencyKey }: Submission, tools: Tools): Promise<void> {
	if (idempotencyKey) await inTime(idempotencyKey.release(), tools).catch(() => undefined);
}

/**
 * Records that the key has a task. If that fails the key stays unresolved: a later request is uncertain. Never throws.
 */
export async function confirmKey({ idempotencyKey }: Submission, tools: Tools): Promise<void> {
	if (idempotencyKey) await inTime(idempotencyKey.confirm(), tools).catch(() => undefined);
}
