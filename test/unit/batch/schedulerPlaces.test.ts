/** The places among the tasks of a minute and among the tasks that run: who takes one, and when it is free again. */
import { rateOf } from '../../../nodes/batch/rate';
import type { Permit } from '../../../nodes/batch/permit';
import { WINDOW_MS } from '../support/submissionBench';
import { atOnce, LineBench, perMinute } from './support';

/** Submissions that take these times, all asked for at once: when each started and was answered, by start. */
async function runAll(limit: number, uploads: number[]) {
	const bench = new LineBench();
	const spans: Array<{ start: number; answered: number }> = [];
	const one = async (ms: number) => {
		const leave = await bench.acquire(perMinute(limit));
		const start = bench.clock.now();
		await bench.clock.wait(ms);
		leave?.release('accepted');
		spans.push({ start, answered: bench.clock.now() });
	};
	await bench.clock.run(Promise.all(uploads.map(one)));
	return spans.sort((a, b) => a.start - b.start);
}

describe('in a minute', () => {
	test.each([1, 2, 3, 7])('limit %i: never more, wherever in its upload each task is made, and no place is left idle', async (limit) => {
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

	test('a slow upload holds one place only, until a minute after its answer', async () => {
		const starts = (await runAll(2, [200_000, 0, 0, 0, 0, 0])).map(({ start }) => start);
		expect(starts).toEqual([0, 0, WINDOW_MS, 2 * WINDOW_MS, 3 * WINDOW_MS, 4 * WINDOW_MS]);
	});

	test.each([0.5, 0.7, 1.37, 1.5, 2.5])('a limit of %f is never exceeded, and used up', async (limit) => {
		const { tasks, windowMs } = rateOf(limit, WINDOW_MS);
		const starts = (await runAll(limit, Array<number>(15).fill(0))).map(({ start }) => start);
		expect(new Set(starts.slice(tasks).map((start, n) => start - (starts[n] ?? 0)))).toEqual(new Set([windowMs]));
	});

	test.each([
		['refused', 20_000],
		['uncertain', 20_000 + WINDOW_MS],
		['accepted', 20_000 + WINDOW_MS],
	] as const)('%s: the next one goes at %i ms', async (answer, next) => {
		const bench = new LineBench();
		const asked = [bench.ask('a', perMinute(1), { uploadMs: 20_000, answer }), bench.ask('b', perMinute(1))];
		await bench.clock.run(Promise.all(asked));
		expect(bench.order).toEqual(['a@0', `b@${next}`]);
	});

	test('0 is no pacing, and counts for those who pace', async () => {
		const bench = new LineBench();
		for (let n = 0; n < 5; n++) await bench.ask(String(n), perMinute(0));
		expect(bench.clock.waits).toEqual([]);
		expect([5, 6].map((limit) => bench.roomIn(perMinute(limit)))).toEqual([WINDOW_MS, 0]);
	});
});

describe('at the same time', () => {
	test('a place is taken from the leave until the task has ended', async () => {
		const bench = new LineBench();
		const leave = await bench.ask('a', atOnce(1), { uploadMs: 0 });
		void bench.ask('b', atOnce(1));
		await bench.clock.advance(1_000_000);
		leave?.ended();
		await bench.clock.advance(0);
		expect(bench.order).toEqual(['a@0', 'b@1000000']);
	});

	test.each(['refused', 'uncertain'] as const)('%s: nobody will wait for a task, so its place is free at once', async (answer) => {
		const bench = new LineBench();
		const leave = bench.take(atOnce(1));
		expect(bench.roomIn(atOnce(1))).toBe(Infinity);
		leave.release(answer);
		expect(bench.roomIn(atOnce(1))).toBe(0);
	});

	test.each([
		['a leave', ({ scheduler }: LineBench) => (scheduler.tryAcquire(atOnce(2)) as Permit).ended],
		['an adopted task', ({ scheduler }: LineBench) => scheduler.adopt()],
	])('%s that ends twice gives one place back', (_, begin) => {
		const bench = new LineBench();
		bench.take(atOnce(2));
		const ended = begin(bench);
		ended();
		ended();
		bench.take(atOnce(2));
		expect(bench.roomIn(atOnce(2))).toBe(Infinity);
	});

	test('a refused submission whose end is told as well gives one place back', () => {
		const bench = new LineBench();
		bench.take(atOnce(1));
		const leave = bench.take(atOnce(2));
		leave.release('refused');
		leave.ended();
		expect(bench.roomIn(atOnce(1))).toBe(Infinity);
	});

	test('an adopted task counts, over the limit too, and lets the next one go when it ends', async () => {
		const bench = new LineBench();
		const ends = [bench.scheduler.adopt(), bench.scheduler.adopt(), bench.scheduler.adopt()];
		const next = bench.ask('a', atOnce(2));
		for (const end of ends) {
			await bench.clock.advance(1_000);
			end();
		}
		await next;
		expect(bench.order).toEqual(['a@2000']);
	});

	test('an adopted task is none of this minute', () => {
		const bench = new LineBench();
		bench.scheduler.adopt();
		expect(bench.roomIn(perMinute(1))).toBe(0);
	});

	test('0 is no limit, and counts for those who have one', () => {
		const bench = new LineBench();
		const leaves = Array.from({ length: 3 }, () => bench.take(atOnce(0)));
		expect([3, 4].map((limit) => bench.roomIn(atOnce(limit)))).toEqual([Infinity, 0]);
		leaves[0]?.ended();
		expect(bench.roomIn(atOnce(3))).toBe(0);
	});

	test('a submit that never learns of the end does not count, and is not held up', () => {
		const bench = new LineBench();
		bench.take(perMinute(0));
		bench.take(atOnce(1));
		expect(bench.roomIn(perMinute(0))).toBe(0);
	});

	test.each([
		[0.5, 1],
		[2.9, 2],
	])('a limit of %f is one of %i', (limit, places) => {
		const bench = new LineBench();
		for (let n = 0; n < places; n++) bench.take(atOnce(limit));
		expect(bench.roomIn(atOnce(limit))).toBe(Infinity);
	});
});
