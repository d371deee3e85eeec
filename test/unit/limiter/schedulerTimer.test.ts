/** The queue of an account: its timer, which is set for the next time at which something may change. */
import { getEventListeners } from 'node:events';
import { concurrently, perMinute, reject, SchedulerTest } from '../support/schedulerTest';
import { settle } from '../support/simulatedClock';
import { WINDOW_MS } from '../support/submissionTest';

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

test('the timer is set again when a submission may start earlier', async () => {
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

test('the queue reacts to each change once', async () => {
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
