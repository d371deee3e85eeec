import type { Problem } from '../hidream/verdict';
import type { Outcome, Submission } from './submission';

const unrecorded = ({ message }: Error): Problem => ({
	what: `n8n could not record the "Submit Once Key", so the video was not sent: ${message}`,
	advice: 'Check the database of this n8n, then run again.',
});

/**
 * Claims the item's key just before its request: no earlier, since a crash while the item waits in the line would
 * leave a key claimed for a video that was never sent.
 * @returns undefined when the request may go out, otherwise what became of the item
 */
export async function claimKey({ claim }: Submission, requestId: string): Promise<Outcome | undefined> {
	try {
		return claim === undefined || (await claim()) ? undefined : { kind: 'alreadySubmitted' };
	} catch (error) {
		return { kind: 'refused', requestId, problem: unrecorded(error as Error) };
	}
}

/** Gives the key back, since surely no task was made. If that fails it stays claimed: the video is not sent again, which costs nobody anything. */
export async function giveKeyBack({ unclaim }: Submission): Promise<void> {
	await unclaim?.().catch(() => undefined);
}

/**
 * Makes sure of the key of a task that was made: n8n reads all keys and writes them back, so another process may
 * have written over ours in between. Never throws.
 */
export async function confirmKey({ claim }: Submission): Promise<void> {
	await claim?.().catch(() => undefined);
}
