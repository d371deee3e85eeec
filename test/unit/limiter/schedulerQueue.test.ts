/** The queue of an account: which submission gets a permit first, and who waits for what. */
import { concurrently, perMinute, reject, SchedulerTest } from '../support/schedulerTest';
import { isSettled, settle } from '../support/simulatedClock';
import { WINDOW_MS } from '../support/submissionTest';

test('gives permits to executions in the order in which they queued', async () => {
	const queue = new SchedulerTest();
	await queue.clock.run(Promise.all(['a', 'b', 'c', 'd'].map(async (name) => await queue.enqueue(name, perMinute(1)))));
	expect(queue.order).toEqual(['a@0', 'b@60000', 'c@120000', 'd@180000']);
});

describe('a temporarily refused submission', () => {
	const budget = { maxRetryMs: 1e9 };

	test('keeps its position before later ones', async () => {
		const queue = new SchedulerTest();
		const first = await queue.acquire(perMinute(1));
		const others = [queue.enqueue('b', perMinute(1)), queue.enqueue('c', perMinute(1))];
		reject(first, budget);
		const again = queue.enqueue('a', perMinute(1), { ticket: first?.ticket });
		await queue.clock.run(Promise.all([...others, again]));
		expect(queue.order).toEqual(['a@2000', 'b@62000', 'c@122000']);
	});

	test('keeps its position, in whatever order several return', async () => {
		const queue = new SchedulerTest();
		const permits = await Promise.all(['a', 'b', 'c'].map(async () => await queue.acquire(perMinute(3))));
		for (const permit of permits) reject(permit, budget);
		const last = queue.enqueue('d', perMinute(1));
		const [a, b, c] = permits.map((permit) => permit?.ticket);
		const back = [queue.enqueue('b', perMinute(1), { ticket: b }), queue.enqueue('c', perMinute(1), { ticket: c }), queue.enqueue('a', perMinute(1), { ticket: a })];
		await queue.clock.run(Promise.all([...back, last]));
		expect(queue.order).toEqual(['a@2000', 'b@62000', 'c@122000', 'd@182000']);
	});
});

describe('a later submission does not take the slot of an earlier one', () => {
	test('a rate slot, with a higher limit', async () => {
		const queue = new SchedulerTest();
		await queue.enqueue('first', perMinute(1));
		await queue.clock.run(Promise.all([queue.enqueue('low', perMinute(1)), queue.enqueue('high', perMinute(5))]));
		expect(queue.order).toEqual(['first@0', 'low@60000', 'high@60000']);
	});

	test('a parallel task, with a higher limit', async () => {
		const queue = new SchedulerTest();
		const ends = [queue.scheduler.addRunning(), queue.scheduler.addRunning()];
		void queue.enqueue('low', concurrently(1));
		void queue.enqueue('high', concurrently(5));
		for (const end of ends) {
			await queue.clock.advance(1_000);
			expect(queue.order).toEqual([]);
			end();
		}
		await settle();
		expect(queue.order).toEqual(['low@2000', 'high@2000']);
	});

	test('a parallel task, while the earlier one waits for its rate slot', async () => {
		const queue = new SchedulerTest();
		await queue.enqueue('first', perMinute(1));
		void queue.enqueue('paced', concurrently(1, 1));
		void queue.enqueue('unpaced', concurrently(1));
		await queue.clock.advance(WINDOW_MS);
		expect(queue.order).toEqual(['first@0', 'paced@60000']);
	});
});

describe('a submission that only waits for a task to end', () => {
	test('does not block a plain submit', async () => {
		const queue = new SchedulerTest();
		queue.scheduler.addRunning();
		void queue.enqueue('waits', concurrently(1, 2));
		await queue.clock.run(Promise.all(['a', 'b', 'c'].map(async (name) => await queue.enqueue(name, perMinute(2)))));
		expect(queue.order).toEqual(['a@0', 'b@0', 'c@60000']);
	});

	test('does not block a plain submit of the next minute, though that minute was full when it queued', async () => {
		const queue = new SchedulerTest();
		queue.scheduler.addRunning();
		await queue.enqueue('first', perMinute(1));
		void queue.enqueue('waits', concurrently(1, 1));
		await queue.clock.run(queue.enqueue('a', perMinute(1)));
		expect(queue.order).toEqual(['first@0', 'a@60000']);
	});

	test('gets the next rate slot once the task has ended', async () => {
		const queue = new SchedulerTest();
		const end = queue.scheduler.addRunning();
		await queue.enqueue('first', perMinute(1));
		const pending = [queue.enqueue('waits', concurrently(1, 1)), queue.enqueue('a', perMinute(1)), queue.enqueue('b', perMinute(1))];
		await queue.clock.advance(70_000);
		end();
		await queue.clock.run(Promise.all(pending));
		expect(queue.order).toEqual(['first@0', 'a@60000', 'waits@120000', 'b@180000']);
	});
});

describe('a cancelled submission', () => {
	test.each([
		['in the middle', 'c', ['a@0', 'c@cancelled', 'b@60000', 'd@120000']],
		['at the head', 'b', ['a@0', 'b@cancelled', 'c@60000', 'd@120000']],
		['at the end', 'd', ['a@0', 'd@cancelled', 'b@60000', 'c@120000']],
	])('%s: it leaves the queue immediately, and no other starts early', async (_, name, order) => {
		const queue = new SchedulerTest();
		const cancel = new AbortController();
		const pending = ['a', 'b', 'c', 'd'].map((who) => ({
			who,
			ask: queue.enqueue(who, perMinute(1), { signal: who === name ? cancel.signal : undefined }),
		}));
		await queue.clock.advance(10_000);
		cancel.abort();
		expect(await isSettled(Promise.all(pending.filter(({ who }) => who === name).map(({ ask }) => ask)))).toBe(true);
		await queue.clock.run(Promise.all(pending.map(({ ask }) => ask)));
		expect(queue.order).toEqual(order);
	});

	test('the next one starts immediately if it only waited for this one', async () => {
		const queue = new SchedulerTest();
		const cancel = new AbortController();
		await queue.enqueue('a', perMinute(1));
		void queue.enqueue('low', perMinute(1), { signal: cancel.signal });
		void queue.enqueue('high', perMinute(5));
		await queue.clock.advance(10_000);
		cancel.abort();
		await settle();
		expect(queue.order).toEqual(['a@0', 'low@cancelled', 'high@10000']);
	});

	test('a cancelled run: starts none of its submissions and leaks no slot', async () => {
		const queue = new SchedulerTest();
		const cancel = new AbortController();
		await queue.enqueue('a', perMinute(1));
		const run = [concurrently(1, 1), concurrently(1, 5), concurrently(1, 0)].map(
			async (limits, n) => await queue.enqueue(`run-${n}`, limits, { signal: cancel.signal }),
		);
		await queue.clock.advance(10_000);
		cancel.abort();
		expect(await Promise.all(run)).toEqual([undefined, undefined, undefined]);
		expect(queue.waitMs(concurrently(1, 2))).toBe(0);
	});

	test('cancelled before it acquires: takes no slot and blocks no other', async () => {
		const queue = new SchedulerTest();
		await queue.enqueue('a', perMinute(1));
		void queue.enqueue('b', perMinute(1));
		expect(await queue.acquire(perMinute(1), { signal: AbortSignal.abort() })).toBeUndefined();
		expect(await queue.acquire(perMinute(0), { signal: AbortSignal.abort() })).toBeUndefined();
		expect(queue.order).toEqual(['a@0']);
	});
});

describe('permits without waiting', () => {
	test('returns the time until a slot is free, and takes nothing', () => {
		const queue = new SchedulerTest();
		queue.acquireNow(perMinute(1)).release('accepted');
		expect([queue.scheduler.tryAcquire(perMinute(1)), queue.scheduler.tryAcquire(perMinute(1))]).toEqual([WINDOW_MS, WINDOW_MS]);
		expect(queue.waitMs(perMinute(2))).toBe(0);
	});

	test.each([
		['an upload ends', perMinute(1), perMinute(1)],
		['a task ends', concurrently(1), concurrently(1)],
	])('has no time if %s', (_, taken, wanted) => {
		const queue = new SchedulerTest();
		queue.acquireNow(taken);
		expect(queue.scheduler.tryAcquire(wanted)).toBe(Infinity);
	});

	test('does not overtake submissions that wait for the same slot', async () => {
		const queue = new SchedulerTest();
		await queue.enqueue('a', perMinute(1));
		queue.scheduler.addRunning();
		void queue.enqueue('paced', perMinute(1));
		void queue.enqueue('waits', concurrently(1));
		expect(queue.waitMs(perMinute(9))).toBe(Infinity);
		expect(queue.waitMs(concurrently(9))).toBe(Infinity);
	});

	test('overtakes submissions that wait for something else', async () => {
		const queue = new SchedulerTest();
		queue.scheduler.addRunning();
		void queue.enqueue('waits', concurrently(1, 2));
		expect(queue.waitMs(perMinute(2))).toBe(0);
		await queue.enqueue('a', perMinute(1));
		void queue.enqueue('paced', perMinute(1));
		expect(queue.waitMs(perMinute(0))).toBe(0);
	});
});

describe('whether a submission waits for a task to end', () => {
	test('true only while one waits', async () => {
		const queue = new SchedulerTest();
		const seen = [queue.scheduler.awaitsTaskEnd];
		const end = queue.scheduler.addRunning();
		seen.push(queue.scheduler.awaitsTaskEnd);
		void queue.enqueue('a', concurrently(1));
		seen.push(queue.scheduler.awaitsTaskEnd);
		end();
		await settle();
		expect([...seen, queue.scheduler.awaitsTaskEnd]).toEqual([false, false, true, false]);
	});

	test('false if it waits for its rate slot or a backoff', async () => {
		const queue = new SchedulerTest();
		queue.acquireNow(concurrently(2, 1)).release('accepted');
		void queue.enqueue('a', concurrently(2, 1));
		reject(queue.acquireNow(perMinute(0)), { maxRetryMs: 600_000 });
		void queue.enqueue('b', concurrently(2));
		expect(queue.scheduler.awaitsTaskEnd).toBe(false);
	});

	test('false after it was cancelled', () => {
		const queue = new SchedulerTest();
		const cancel = new AbortController();
		queue.scheduler.addRunning();
		void queue.enqueue('a', concurrently(1), { signal: cancel.signal });
		cancel.abort();
		expect(queue.scheduler.awaitsTaskEnd).toBe(false);
	});
});
