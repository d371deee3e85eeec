/** The queue of an account: which submission gets a permit, and when. */
import { reasonOf } from '../support/verdicts';
import { getEventListeners } from 'node:events';
import type { Permit } from '../../../nodes/limiter/permit';
import { rateOf } from '../../../nodes/limiter/slidingWindow';
import { concurrently, perMinute, reject, SchedulerTest } from '../support/schedulerTest';
import { isSettled, settle } from '../support/simulatedClock';
import { WINDOW_MS } from '../support/submissionTest';

describe('queue: first in, first out', () => {
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
});

describe('rate slots and parallel tasks', () => {
	/** Submissions with these upload times, all requested at the same time: when each started and was settled, sorted by start. */
	async function runAll(limit: number, uploads: number[]) {
		const queue = new SchedulerTest();
		const spans: Array<{ start: number; answered: number }> = [];
		const one = async (ms: number) => {
			const permit = await queue.acquire(perMinute(limit));
			const start = queue.clock.now();
			await queue.clock.sleep(ms);
			permit?.release('accepted');
			spans.push({ start, answered: queue.clock.now() });
		};
		await queue.clock.run(Promise.all(uploads.map(one)));
		return spans.sort((a, b) => a.start - b.start);
	}

	describe('tasks per minute', () => {
		test.each([1, 2, 3, 7])('limit %i: never exceeded, whenever a task is created during its upload, and no slot stays unused', async (limit) => {
			const uploads = Array.from({ length: 40 }, (_, n) => (n * 7919) % 90_000);
			const spans = await runAll(limit, uploads);
			expect(spans).toHaveLength(40);
			for (const { start } of spans) {
				const held = spans.filter((other) => other.start <= start && start < other.answered + WINDOW_MS);
				expect(held.length).toBeLessThanOrEqual(limit);
			}
			for (const [n, { start }] of spans.entries()) {
				const freedThen = spans.some(({ answered }) => answered + WINDOW_MS === start);
				expect(n < limit ? start === 0 : freedThen).toBe(true);
			}
		});

		test('a slow upload occupies one slot, until a minute after its response', async () => {
			const starts = (await runAll(2, [200_000, 0, 0, 0, 0, 0])).map(({ start }) => start);
			expect(starts).toEqual([0, 0, WINDOW_MS, 2 * WINDOW_MS, 3 * WINDOW_MS, 4 * WINDOW_MS]);
		});

		test.each([0.5, 0.7, 1.37, 1.5, 2.5])('never exceeds a limit of %f, and uses it up', async (limit) => {
			const { tasks, windowMs } = rateOf(limit, WINDOW_MS);
			const starts = (await runAll(limit, Array<number>(15).fill(0))).map(({ start }) => start);
			expect(new Set(starts.slice(tasks).map((start, n) => start - (starts[n] ?? 0)))).toEqual(new Set([windowMs]));
		});

		test.each([
			['refused', 20_000],
			['uncertain', 20_000 + WINDOW_MS],
			['accepted', 20_000 + WINDOW_MS],
		] as const)('%s: the next one starts at %i ms', async (response, next) => {
			const queue = new SchedulerTest();
			const pending = [queue.enqueue('a', perMinute(1), { uploadMs: 20_000, answer: response }), queue.enqueue('b', perMinute(1))];
			await queue.clock.run(Promise.all(pending));
			expect(queue.order).toEqual(['a@0', `b@${next}`]);
		});

		test('0 means no limit, and counts for callers with a limit', async () => {
			const queue = new SchedulerTest();
			for (let n = 0; n < 5; n++) await queue.enqueue(String(n), perMinute(0));
			expect(queue.clock.waits).toEqual([]);
			expect([5, 6].map((limit) => queue.waitMs(perMinute(limit)))).toEqual([WINDOW_MS, 0]);
		});
	});

	describe('parallel tasks', () => {
		test('a parallel task is occupied from the permit until the task has ended', async () => {
			const queue = new SchedulerTest();
			const permit = await queue.enqueue('a', concurrently(1), { uploadMs: 0 });
			void queue.enqueue('b', concurrently(1));
			await queue.clock.advance(1_000_000);
			permit?.ended();
			await queue.clock.advance(0);
			expect(queue.order).toEqual(['a@0', 'b@1000000']);
		});

		test.each(['refused', 'uncertain'] as const)('%s: without a task, it is freed immediately', async (response) => {
			const queue = new SchedulerTest();
			const permit = queue.acquireNow(concurrently(1));
			expect(queue.waitMs(concurrently(1))).toBe(Infinity);
			permit.release(response);
			expect(queue.waitMs(concurrently(1))).toBe(0);
		});

		test.each([
			['a permit', ({ scheduler }: SchedulerTest) => (scheduler.tryAcquire(concurrently(2)) as Permit).ended],
			['a task that runs already', ({ scheduler }: SchedulerTest) => scheduler.addRunning()],
		])('%s that ends twice frees one parallel task', (_, begin) => {
			const queue = new SchedulerTest();
			queue.acquireNow(concurrently(2));
			const ended = begin(queue);
			ended();
			ended();
			queue.acquireNow(concurrently(2));
			expect(queue.waitMs(concurrently(2))).toBe(Infinity);
		});

		test('a refused submission that also ends frees one parallel task', () => {
			const queue = new SchedulerTest();
			queue.acquireNow(concurrently(1));
			const permit = queue.acquireNow(concurrently(2));
			permit.release('refused');
			permit.ended();
			expect(queue.waitMs(concurrently(1))).toBe(Infinity);
		});

		test('a task that runs already counts, also over the limit, and its end starts the next one', async () => {
			const queue = new SchedulerTest();
			const ends = [queue.scheduler.addRunning(), queue.scheduler.addRunning(), queue.scheduler.addRunning()];
			const next = queue.enqueue('a', concurrently(2));
			for (const end of ends) {
				await queue.clock.advance(1_000);
				end();
			}
			await next;
			expect(queue.order).toEqual(['a@2000']);
		});

		test('a task that runs already takes no rate slot', () => {
			const queue = new SchedulerTest();
			queue.scheduler.addRunning();
			expect(queue.waitMs(perMinute(1))).toBe(0);
		});

		test('0 means no limit, and counts for callers with a limit', () => {
			const queue = new SchedulerTest();
			const permits = Array.from({ length: 3 }, () => queue.acquireNow(concurrently(0)));
			expect([3, 4].map((limit) => queue.waitMs(concurrently(limit)))).toEqual([Infinity, 0]);
			permits[0]?.ended();
			expect(queue.waitMs(concurrently(3))).toBe(0);
		});

		test('a submit that never learns of the end does not count and does not wait', () => {
			const queue = new SchedulerTest();
			queue.acquireNow(perMinute(0));
			queue.acquireNow(concurrently(1));
			expect(queue.waitMs(perMinute(0))).toBe(0);
		});

		test.each([
			[0.5, 1],
			[2.9, 2],
		])('a limit of %f rounds to %i', (limit, slots) => {
			const queue = new SchedulerTest();
			for (let n = 0; n < slots; n++) queue.acquireNow(concurrently(limit));
			expect(queue.waitMs(concurrently(limit))).toBe(Infinity);
		});
	});
});

describe('backoff after a refusal, and permits without waiting', () => {
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
			reject(queue.acquireNow(perMinute(0)), RETRY_BUDGET);
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
});

describe('timer: set for the next time at which something may change', () => {
	const askAll = async (queue: SchedulerTest, count: number, limits = perMinute(1)) =>
		await queue.clock.run(Promise.all(Array.from({ length: count }, async (_, n) => await queue.enqueue(String(n), limits))));

	test('50 waiting submissions: one timer for each slot', async () => {
		const queue = new SchedulerTest();
		await askAll(queue, 50);
		expect(queue.clock.waits).toEqual(Array<number>(49).fill(WINDOW_MS));
	});

	test('one timer at a time, whatever the submissions wait for', async () => {
		const queue = new SchedulerTest();
		await queue.enqueue('first', perMinute(2));
		await queue.clock.advance(10_000);
		await queue.enqueue('second', perMinute(2));
		for (const limit of [1, 2, 0.5, 0.25]) void queue.enqueue(`waits-${limit}`, perMinute(limit));
		void queue.enqueue('unpaced', concurrently(1));
		void queue.enqueue('waits for a task', concurrently(1));
		await settle();
		for (let n = 0; n < 20; n++) {
			expect(queue.clock.waiting).toBe(1);
			await queue.clock.advance(1_000);
		}
	});

	test('rescheduled when a submission may start earlier', async () => {
		const queue = new SchedulerTest();
		await queue.enqueue('first', perMinute(1));
		void queue.enqueue('slow', perMinute(0.1));
		reject(queue.acquireNow(perMinute(0)), { maxRetryMs: 60_000 });
		void queue.enqueue('unpaced', perMinute(0));
		await queue.clock.advance(2_000);
		expect(queue.order).toEqual(['first@0', 'unpaced@2000']);
		expect(queue.clock.waiting).toBe(1);
	});

	test.each([
		['an upload takes an hour', perMinute(1)],
		['a task runs for an hour', concurrently(1)],
	])('while %s, the clock is not read', async (_, limits) => {
		const queue = new SchedulerTest();
		queue.acquireNow(limits);
		void queue.enqueue('a', limits);
		void queue.enqueue('b', limits);
		await queue.clock.advance(60 * WINDOW_MS);
		expect(queue.clock.waits).toEqual([]);
	});

	test('reacts to each change once', async () => {
		const queue = new SchedulerTest();
		const permits = [queue.acquireNow(perMinute(0)), queue.acquireNow(perMinute(0)), queue.acquireNow(perMinute(0))];
		void queue.enqueue('a', perMinute(1));
		for (const permit of permits) {
			await queue.clock.advance(1_000);
			permit.release('accepted');
		}
		await queue.clock.advance(WINDOW_MS);
		expect(queue.order).toEqual(['a@63000']);
		expect(queue.clock.waits.length).toBeLessThanOrEqual(permits.length);
	});

	test.each([0.7, 1 / 3, 0.9])('a limit of %f: never fires too early', async (limit) => {
		const queue = new SchedulerTest();
		await askAll(queue, 5, perMinute(limit));
		expect(queue.clock.waits).toHaveLength(4);
	});

	test('no timer is left when none waits', async () => {
		const queue = new SchedulerTest();
		const cancel = new AbortController();
		await queue.enqueue('first', perMinute(1));
		void queue.enqueue('a', perMinute(1), { signal: cancel.signal });
		void queue.enqueue('b', perMinute(1), { signal: cancel.signal });
		cancel.abort();
		await settle();
		expect(queue.clock.waiting).toBe(0);
	});

	test('a long run leaves no listeners on its signal, whether it waited or not', async () => {
		const queue = new SchedulerTest();
		const { signal } = new AbortController();
		const run = Array.from({ length: 12 }, async (_, n) => await queue.enqueue(String(n), perMinute(4), { signal }));
		await settle();
		expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
		await queue.clock.run(Promise.all(run));
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});
