import { accountsOf, sharedAccount, type SharedAccount } from '../../../nodes/shared/sharedAccount';
import type { SubmissionReason } from '../../../nodes/submission/reasons';
import type { Permit, Limits } from '../../../nodes/limiter/permit';
import { RATE_WINDOW_MS } from '../../../nodes/hidream/limits';
import type { WaitOptions } from '../../../nodes/polling/taskPoller';
import { reasonOf } from '../support/verdicts';
import { HOUR } from '../support/pollerTest';
import { SimulatedClock } from '../support/simulatedClock';

/** A permit that must be available immediately. */
function take(account: string, limits: Limits): Permit<SubmissionReason> {
	const permit = sharedAccount(account).scheduler.tryAcquire(limits);
	if (typeof permit === 'number') throw new Error(`There is no room for ${permit} ms`);
	return permit;
}

test('is one per account, shared by all executions', () => {
	expect(sharedAccount('account-a')).toBe(sharedAccount('account-a'));
	expect(sharedAccount('account-b')).not.toBe(sharedAccount('account-a'));
	expect(sharedAccount('__proto__')).toBe(sharedAccount('__proto__'));
	expect(sharedAccount('__proto__')).not.toBe(sharedAccount('constructor'));
});

test('an execution waits for a slot that another one of the account occupies', () => {
	take('shared', { tasksPerMinute: 2 }).release('accepted');
	const ms = sharedAccount('shared').scheduler.tryAcquire({ tasksPerMinute: 1 });
	expect(ms).toBeGreaterThan(0);
	expect(ms).toBeLessThanOrEqual(RATE_WINDOW_MS);
	take('shared', { tasksPerMinute: 2 });
	take('other', { tasksPerMinute: 1 });
});

test('counts running tasks and tasks of this minute separately', () => {
	const { scheduler } = sharedAccount('apart');
	const permit = take('apart', { tasksPerMinute: 1, parallelTasks: 1 });
	permit.release('accepted');
	expect(scheduler.tryAcquire({ tasksPerMinute: 0, parallelTasks: 1 })).toBe(Infinity);
	permit.ended();
	expect(scheduler.tryAcquire({ tasksPerMinute: 1 })).not.toBe(Infinity);
	take('apart', { tasksPerMinute: 0, parallelTasks: 1 });
});

test('polls at a constant pace while an item waits for a task to end', async () => {
	const clock = new SimulatedClock();
	const { scheduler, taskPoller } = accountsOf(clock).get('a');
	const polls: number[] = [];
	void taskPoller.wait('t', { pollMs: 10_000, maxWaitMs: HOUR, queryTasks: async () => (polls.push(clock.now()), new Map()) });
	scheduler.addRunning();
	void scheduler.acquire({ tasksPerMinute: 0, parallelTasks: 1 }, { maxRetryMs: HOUR });
	await clock.advance(60_000);
	// At a growing pace there would be three.
	expect(polls).toHaveLength(5);
});

/** An account does not stay in memory forever, and is not evicted while it is in use. */
describe('an account that is', () => {
	/** Whether the account is kept for two hours after `use`. */
	async function isKept(use: (account: SharedAccount) => unknown): Promise<boolean> {
		const clock = new SimulatedClock();
		const accounts = accountsOf(clock);
		const account = accounts.get('a');
		use(account);
		await clock.advance(2 * HOUR);
		accounts.get('b');
		return accounts.get('a') === account;
	}

	const submit = (account: SharedAccount, tasksPerMinute = 2): Permit<SubmissionReason> => {
		const permit = account.scheduler.tryAcquire({ tasksPerMinute });
		if (typeof permit === 'number') throw new Error('There is no room');
		return permit;
	};

	const backOff = (permit: Permit<SubmissionReason>, retryAfterMs?: number) => {
		permit.backOff({ reason: reasonOf('busy'), retryAfterMs, maxRetryMs: 600_000 });
		permit.release('refused');
	};

	const question: WaitOptions = { queryTasks: async () => new Map(), pollMs: 10_000, maxWaitMs: 3 * HOUR };

	test.each<[string, boolean, (account: SharedAccount) => unknown]>([
		['unused', false, () => undefined],
		['whose task was accepted', false, (account) => submit(account).release('accepted')],
		['whose task has ended', false, ({ scheduler }) => scheduler.addRunning()()],
		['whose backoff is over', false, (account) => backOff(submit(account))],
		['with a request in flight', true, (account) => submit(account)],
		['with a running task', true, ({ scheduler }) => scheduler.addRunning()],
		['with a long window', true, (account) => submit(account, 0.005).release('accepted')],
		['that backs off', true, (account) => backOff(submit(account), 3 * HOUR)],
		['whose task is waited for', true, ({ taskPoller }) => void taskPoller.wait('task', question)],
	])('%s: kept for two hours: %s', async (_, kept, use) => {
		expect(await isKept(use)).toBe(kept);
	});
});
