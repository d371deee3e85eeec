import type { Accepted, ErrorInfo, Refused, Uncertain } from '../../../nodes/hidream/verdict';

export const errorInfo = (message: string): ErrorInfo => ({ message, hint: `What to do about ${message}.` });

export const accepted = (taskId = 'task-1'): Accepted => ({ kind: 'accepted', taskId, subTaskIds: [`${taskId}-sub`] });

export const refused = (what = 'refused', more: Partial<Refused> = {}): Refused => ({
	kind: 'refused',
	errorInfo: errorInfo(what),
	...more,
});

export const busy = (retryAfterMs?: number): Refused => refused('busy', { retryReason: 'busy', retryAfterMs });

export const badToken = (): Refused => refused('bad token', { retryReason: 'token' });

export const noConnection = (): Refused => refused('no connection', { retryReason: 'noConnection' });

export const uncertain = (what = 'no answer'): Uncertain => ({ kind: 'uncertain', errorInfo: errorInfo(what) });
