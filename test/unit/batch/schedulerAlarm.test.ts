/** Nobody looks again and again: the scheduler sleeps until the one moment at which something may change. */
import { getEventListeners } from 'node:events';
import { settle } from '../support/simulatedClock';
import { reject } from '../support/reject';
import { WINDOW_MS } from '../support/submissionBench';
import { atOnce, LineBench, perMinute } from './support';

const askAll = async (bench: LineBench, count: number, limits = perMinute(1)) =>
	await bench.clock.run(Promise.all(Array.from({ length: count }, async (_, n) => await bench.ask(String(n), limits))));

test('fifty who wait: the clock is asked once for each place', async () => {
	const bench = new LineBench();
	await askAll(bench, 50);
	expect(bench.clock.waits).toEqual(Array<number>(49).fill(WINDOW_MS));
});

test('one alarm at a time, however many wait for different moments', async () => {
	const bench = new LineBench();
	await bench.ask('first', perMinute(2));
	await bench.clock.advance(10_000);
	await bench.ask('second', perMinute(2));
	for (const limit of [1, 2, 0.5, 0.25]) void bench.ask(`waits-${limit}`, perMinute(limit));
	void bench.ask('unpaced', atOnce(1));
	void bench.ask('waits for a task', atOnce(1));
	await settle();
	for (let n = 0; n < 20; n++) {
		expect(bench.clock.waiting).toBe(1);
		await bench.clock.advance(1_000);
	}
});

test('the alarm is set anew when somebody may go sooner', async () => {
	const bench = new LineBench();
	await bench.ask('first', perMinute(1));
	void bench.ask('slow', perMinute(0.1));
	reject(bench.take(perMinute(0)), { maxRetryMs: 60_000 });
	void bench.ask('unpaced', perMinute(0));
	await bench.clock.advance(2_000);
	expect(bench.order).toEqual(['first@0', 'unpaced@2000']);
	expect(bench.clock.waiting).toBe(1);
});

test.each([
	['an upload takes an hour', perMinute(1)],
	['a task runs for an hour', atOnce(1)],
])('while %s nobody looks at the clock', async (_, limits) => {
	const bench = new LineBench();
	bench.take(limits);
	void bench.ask('a', limits);
	void bench.ask('b', limits);
	await bench.clock.advance(60 * WINDOW_MS);
	expect(bench.clock.waits).toEqual([]);
});

test('each change is looked at once', async () => {
	const bench = new LineBench();
	const leaves = [bench.take(perMinute(0)), bench.take(perMinute(0)), bench.take(perMinute(0))];
	void bench.ask('a', perMinute(1));
	for (const leave of leaves) {
		await bench.clock.advance(1_000);
		leave.release('accepted');
	}
	await bench.clock.advance(WINDOW_MS);
	expect(bench.order).toEqual(['a@63000']);
	expect(bench.clock.waits.length).toBeLessThanOrEqual(leaves.length);
});

test.each([0.7, 1 / 3, 0.9])('a limit of %f: the alarm is not a hair too early', async (limit) => {
	const bench = new LineBench();
	await askAll(bench, 5, perMinute(limit));
	expect(bench.clock.waits).toHaveLength(4);
});

test('nobody waits any more: no alarm is left', async () => {
	const bench = new LineBench();
	const cancel = new AbortController();
	await bench.ask('first', perMinute(1));
	void bench.ask('a', perMinute(1), { signal: cancel.signal });
	void bench.ask('b', perMinute(1), { signal: cancel.signal });
	cancel.abort();
	await settle();
	expect(bench.clock.waiting).toBe(0);
});

test('a long run leaves no listeners on its signal, whether it was let go or waited', async () => {
	const bench = new LineBench();
	const { signal } = new AbortController();
	const run = Array.from({ length: 12 }, async (_, n) => await bench.ask(String(n), perMinute(4), { signal }));
	await settle();
	expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
	await bench.clock.run(Promise.all(run));
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});
