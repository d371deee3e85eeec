import type { Accepted, Problem, Refused, Uncertain } from '../../../nodes/hidream/verdict';

export const problem = (what: string): Problem => ({ what, advice: `What to do about ${what}.` });

export const accepted = (taskId = 'task-1'): Accepted => ({ kind: 'accepted', taskId, subTaskIds: [`${taskId}-sub`] });

export const refused = (what = 'refused', more: Partial<Refused> = {}): Refused => ({
	kind: 'refused',
	problem: problem(what),
	...more,
});

export const busy = (retryAfterMs?: number): Refused => refused('busy', { passing: 'busy', retryAfterMs });

export const badToken = (): Refused => refused('bad token', { passing: 'token' });

export const noConnection = (): Refused => refused('no connection', { passing: 'noConnection' });

export const uncertain = (what = 'no answer'): Uncertain => ({ kind: 'uncertain', problem: problem(what) });
