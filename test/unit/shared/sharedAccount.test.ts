import { sharedAccount } from '../../../nodes/shared/sharedAccount';
import type { SubmissionReason } from '../../../nodes/submission/reasons';
import type { Permit, Limits } from '../../../nodes/limiter/permit';
import { RATE_WINDOW_MS } from '../../../nodes/hidream/limits';

/** Permit that the test expects to be there at once. */
function take(account: string, limits: Limits): Permit<SubmissionReason> {
	const permit = sharedAccount(account).scheduler.tryAcquire(limits);
	if (typeof permit === 'number') throw new Error(`There is no room for ${permit} ms`);
	return permit;
}

test('one for each account, the same one for every execution', () => {
	expect(sharedAccount('account-a')).toBe(sharedAccount('account-a'));
	expect(sharedAccount('account-b')).not.toBe(sharedAccount('account-a'));
	expect(sharedAccount('__proto__')).toBe(sharedAccount('__proto__'));
	expect(sharedAccount('__proto__')).not.toBe(sharedAccount('constructor'));
});

test('what one execution takes, another one of this account waits for', () => {
	take('shared', { tasksPerMinute: 2 }).release('accepted');
	const ms = sharedAccount('shared').scheduler.tryAcquire({ tasksPerMinute: 1 });
	expect(ms).toBeGreaterThan(0);
	expect(ms).toBeLessThanOrEqual(RATE_WINDOW_MS);
	take('shared', { tasksPerMinute: 2 });
	take('other', { tasksPerMinute: 1 });
});

test('tasks that run and tasks of this minute are counted apart', () => {
	const { scheduler } = sharedAccount('apart');
	const permit = take('apart', { tasksPerMinute: 1, parallelTasks: 1 });
	permit.release('accepted');
	expect(scheduler.tryAcquire({ tasksPerMinute: 0, parallelTasks: 1 })).toBe(Infinity);
	permit.ended();
	expect(scheduler.tryAcquire({ tasksPerMinute: 1 })).not.toBe(Infinity);
	take('apart', { tasksPerMinute: 0, parallelTasks: 1 });
});
