/** The queue of an account: the delay after a temporary refusal. */
import { reasonOf } from '../support/verdicts';
import { concurrently, perMinute, reject, SchedulerTest } from '../support/schedulerTest';
import { isSettled } from '../support/simulatedClock';
import { WINDOW_MS } from '../support/submissionTest';

const RETRY_BUDGET = { maxRetryMs: 600_000 };

describe('a temporary refusal', () => {
	test('delays every item, with or without a limit', async () => {
		const queue = new SchedulerTest();
		expect(reject(queue.acquireNow(perMinute(2)), RETRY_BUDGET)).toBe(2_000);
		expect([perMinute(2), perMinute(0), concurrently(3)].map((limits) => queue.waitMs(limits))).toEqual([2_000, 2_000, 2_000]);
		const pending = [queue.enqueue('a', perMinute(0)), queue.enqueue('b', concurrently(3))];
		await queue.clock.run(Promise.all(pending));
		expect(queue.order).toEqual(['a@2000', 'b@2000']);
	});

	test('frees its rate slot and its parallel task', async () => {
		const queue = new SchedulerTest();
		reject(queue.acquireNow(concurrently(1, 1)), RETRY_BUDGET);
		expect(queue.waitMs(concurrently(1, 1))).toBe(2_000);
		await queue.clock.advance(2_000);
		expect(queue.waitMs(concurrently(1, 1))).toBe(0);
	});

	test('lasts as long as the service requests', () => {
		const queue = new SchedulerTest();
		expect(reject(queue.acquireNow(perMinute(2)), { ...RETRY_BUDGET, retryAfterMs: 45_000 })).toBe(45_000);
		expect(queue.waitMs(perMinute(2))).toBe(45_000);
	});

	test('beyond the retry budget, still makes the account back off, and frees its slots', async () => {
		const queue = new SchedulerTest();
		expect(reject(queue.acquireNow(concurrently(1, 1)), { maxRetryMs: 1_000 })).toBeUndefined();
		expect(queue.waitMs(concurrently(1, 1))).toBe(2_000);
		await queue.clock.advance(2_000);
		expect(queue.waitMs(concurrently(1, 1))).toBe(0);
	});

	test('beyond the retry budget of others: queued and later items do not wait; those with a longer budget do', async () => {
		const queue = new SchedulerTest();
		queue.acquireNow(perMinute(1)).release('accepted');
		const permit = queue.acquireNow(perMinute(0));
		const budgets = [3_600_000, 7_199_999, 7_200_000, undefined];
		const pending = budgets.map(async (maxRetryMs) => await queue.scheduler.acquire(perMinute(1), { maxRetryMs }));
		reject(permit, { retryAfterMs: 7_200_000, reason: reasonOf('too many') });
		expect(await Promise.all(pending.slice(0, 2))).toEqual(Array(2).fill({ remainingMs: 7_200_000, reason: reasonOf('too many') }));
		await queue.clock.advance(3_599_000);
		expect(await queue.scheduler.acquire(perMinute(0), { maxRetryMs: 3_600_000 })).toEqual({ remainingMs: 3_601_000, reason: reasonOf('too many') });
		await queue.clock.advance(1_000);
		const late = queue.scheduler.acquire(perMinute(0), { maxRetryMs: 3_600_000 });
		expect(await isSettled(late)).toBe(false);
		expect(await isSettled(pending[2] as Promise<unknown>)).toBe(false);
		await queue.clock.run(late);
		expect(queue.clock.now()).toBe(7_200_000);
	});

	test('an item without a budget does not wait for any backoff, but waits for its rate slot', async () => {
		const queue = new SchedulerTest();
		queue.acquireNow(perMinute(1)).release('accepted');
		const pending = queue.scheduler.acquire(perMinute(1), { maxRetryMs: 0 });
		await queue.clock.advance(WINDOW_MS - 1);
		expect(await isSettled(pending)).toBe(false);
		await queue.clock.advance(1);
		const permit = await pending;
		if (!permit || 'remainingMs' in permit) throw new Error('There is no permit');
		reject(permit);
		expect(await queue.scheduler.acquire(perMinute(1), { maxRetryMs: 0 })).toHaveProperty('remainingMs', 2_000);
	});

	test('several in flight count once: the next delay is twice the first', async () => {
		const queue = new SchedulerTest();
		const permits = [1, 2, 3].map(() => queue.acquireNow(perMinute(0)));
		for (const permit of permits) reject(permit, RETRY_BUDGET);
		await queue.clock.advance(2_000);
		expect(reject(queue.acquireNow(perMinute(0)), RETRY_BUDGET)).toBe(4_000);
	});

	test('after an acceptance, starts a new streak', async () => {
		const queue = new SchedulerTest();
		reject(queue.acquireNow(perMinute(0)), { maxRetryMs: 2_000 });
		await queue.clock.advance(2_000);
		queue.acquireNow(perMinute(0)).release('accepted');
		expect(reject(queue.acquireNow(perMinute(0)), { maxRetryMs: 2_000 })).toBe(2_000);
	});

	test.each(['refused', 'uncertain'] as const)('after a response that is %s, continues the streak', async (kind) => {
		const queue = new SchedulerTest();
		reject(queue.acquireNow(perMinute(0)), { maxRetryMs: 2_000 });
		await queue.clock.advance(2_000);
		queue.acquireNow(perMinute(0)).release(kind);
		expect(reject(queue.acquireNow(perMinute(0)), { maxRetryMs: 2_000 })).toBeUndefined();
	});
});
