/** The queue of an account: Tasks per Minute and Parallel Tasks. */
import type { Permit } from '../../../nodes/limiter/permit';
import { rateOf } from '../../../nodes/limiter/slidingWindow';
import { concurrently, perMinute, SchedulerTest } from '../support/schedulerTest';
import { WINDOW_MS } from '../support/submissionTest';

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
