/** Shared objects do not grow forever, and none is evicted while it is in use. */
import type { SubmissionReason } from '../../../nodes/submission/reasons';
import { accountsOf } from '../../../nodes/shared/sharedAccount';
import type { SharedAccount } from '../../../nodes/shared/sharedAccount';
import type { Permit } from '../../../nodes/limiter/permit';
import { SharedMap } from '../../../nodes/async/sharedMap';
import type { WaitOptions } from '../../../nodes/polling/taskPoller';
import { reasonOf } from '../support/verdicts';
import { SimulatedClock } from '../support/simulatedClock';

const HOUR = 3_600_000;

test('evicts an entry that is idle for an hour, and no entry in use', () => {
	let now = 0;
	const map = new SharedMap(() => ({}), () => true, () => now);
	const [used, idle] = [map.get('used'), map.get('idle')];
	for (now = 0; now <= HOUR; now += 60_000) map.get('used');
	expect(map.get('used')).toBe(used);
	expect(map.get('idle')).not.toBe(idle);
});

test('does not grow with thousands of names', () => {
	let now = 0;
	let idle = 0;
	const map = new SharedMap(() => ({}), () => idle++ >= 0, () => now);
	for (let n = 0; n < 2_000; n++) {
		now = n * 60_000;
		map.get(String(n));
	}
	// Each entry is checked once, after its hour, and is evicted then.
	expect(idle).toBe(2_000 - HOUR / 60_000);
});

test('makes a new object for a name that was deleted', () => {
	const map = new SharedMap(() => ({}));
	const first = map.get('a');
	expect(map.get('a')).toBe(first);
	map.delete('a');
	expect(map.get('a')).not.toBe(first);
});

describe('an account', () => {
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
