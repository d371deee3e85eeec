import type { TransportError } from '../../../nodes/hidream/http';
import type { Refused, Uncertain, Verdict } from '../../../nodes/hidream/verdict';

/** A reason that its text identifies. */
export const reasonOf = (detail: string): TransportError => ({ code: 'unreadable', detail });

/** What is wrong with an item's input. */
export const inputProblem = (message: string) => ({ message, hint: `What to do about ${message}.` });

export const accepted = (taskId = 'task-1'): Extract<Verdict, { kind: 'accepted' }> => ({ kind: 'accepted', taskId, subTaskIds: [`${taskId}-sub`] });

export const refused = (what = 'refused', more: Partial<Refused> = {}): Refused => ({
	kind: 'refused',
	reason: reasonOf(what),
	...more,
});

export const busy = (retryAfterMs?: number): Refused => refused('busy', { retryReason: 'busy', retryAfterMs });

export const badToken = (): Refused => refused('bad token', { retryReason: 'token' });

export const noConnection = (): Refused => refused('no connection', { retryReason: 'noConnection' });

export const uncertain = (what = 'no answer'): Uncertain => ({ kind: 'uncertain', reason: reasonOf(what) });
