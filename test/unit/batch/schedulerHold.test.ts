/** What a refusal for now means for the whole account, and leave without waiting. */
import { settle } from '../support/simulatedClock';
import { WINDOW_MS } from '../support/submissionBench';
import { atOnce, LineBench, perMinute } from './support';

const PATIENCE = { budgetMs: 600_000 };

describe('a refusal for now', () => {
	test('holds everybody back for the pause, paced or not', async () => {
		const bench = new LineBench();
		expect(bench.take(perMinute(2)).refusedForNow(PATIENCE)).toBe(2_000);
		expect([perMinute(2), perMinute(0), atOnce(3)].map((limits) => bench.roomIn(limits))).toEqual([2_000, 2_000, 2_000]);
		const asked = [bench.ask('a', perMinute(0)), bench.ask('b', atOnce(3))];
		await bench.clock.run(Promise.all(asked));
		expect(bench.order).toEqual(['a@2000', 'b@2000']);
	});

	test('gives both of its places back', async () => {
		const bench = new LineBench();
		bench.take(atOnce(1, 1)).refusedForNow(PATIENCE);
		expect(bench.roomIn(atOnce(1, 1))).toBe(2_000);
		await bench.clock.advance(2_000);
		expect(bench.roomIn(atOnce(1, 1))).toBe(0);
	});

	test('is waited out as long as the service says', () => {
		const bench = new LineBench();
		expect(bench.take(perMinute(2)).refusedForNow({ ...PATIENCE, retryAfterMs: 45_000 })).toBe(45_000);
		expect(bench.roomIn(perMinute(2))).toBe(45_000);
	});

	test('beyond the budget holds nobody back, and gives its places back', () => {
		const bench = new LineBench();
		expect(bench.take(atOnce(1, 1)).refusedForNow({ budgetMs: 1_000 })).toBeUndefined();
		expect(bench.roomIn(atOnce(1, 1))).toBe(0);
	});

	test('several in flight at once are one: the next pause is twice the first', async () => {
		const bench = new LineBench();
		const leaves = [1, 2, 3].map(() => bench.take(perMinute(0)));
		for (const leave of leaves) leave.refusedForNow(PATIENCE);
		await bench.clock.advance(2_000);
		expect(bench.take(perMinute(0)).refusedForNow(PATIENCE)).toBe(4_000);
	});

	test('after an acceptance is the first of a new row', async () => {
		const bench = new LineBench();
		bench.take(perMinute(0)).refusedForNow({ budgetMs: 2_000 });
		await bench.clock.advance(2_000);
		bench.take(perMinute(0)).answered('accepted');
		expect(bench.take(perMinute(0)).refusedForNow({ budgetMs: 2_000 })).toBe(2_000);
	});

	test.each(['refused', 'uncertain'] as const)('after an answer that is %s goes on with the row', async (kind) => {
		const bench = new LineBench();
		bench.take(perMinute(0)).refusedForNow({ budgetMs: 2_000 });
		await bench.clock.advance(2_000);
		bench.take(perMinute(0)).answered(kind);
		expect(bench.take(perMinute(0)).refusedForNow({ budgetMs: 2_000 })).toBeUndefined();
	});
});

describe('leave now or never', () => {
	test('the time until there is room is told, and nothing is taken', () => {
		const bench = new LineBench();
		bench.take(perMinute(1)).answered('accepted');
		expect([bench.scheduler.admitNow(perMinute(1)), bench.scheduler.admitNow(perMinute(1))]).toEqual([WINDOW_MS, WINDOW_MS]);
		expect(bench.roomIn(perMinute(2))).toBe(0);
	});

	test.each([
		['an upload ends', perMinute(1), perMinute(1)],
		['a task ends', atOnce(1), atOnce(1)],
	])('nobody knows when %s', (_, taken, wanted) => {
		const bench = new LineBench();
		bench.take(taken);
		expect(bench.scheduler.admitNow(wanted)).toBe(Infinity);
	});

	test('does not overtake those who wait for the same', async () => {
		const bench = new LineBench();
		await bench.ask('a', perMinute(1));
		bench.scheduler.adopt();
		void bench.ask('paced', perMinute(1));
		void bench.ask('waits', atOnce(1));
		expect(bench.roomIn(perMinute(9))).toBe(Infinity);
		expect(bench.roomIn(atOnce(9))).toBe(Infinity);
	});

	test('passes those who wait for something else', async () => {
		const bench = new LineBench();
		bench.scheduler.adopt();
		void bench.ask('waits', atOnce(1, 2));
		expect(bench.roomIn(perMinute(2))).toBe(0);
		await bench.ask('a', perMinute(1));
		void bench.ask('paced', perMinute(1));
		expect(bench.roomIn(perMinute(0))).toBe(0);
	});
});

describe('whether somebody waits for a task to end', () => {
	test('only while somebody does', async () => {
		const bench = new LineBench();
		const seen = [bench.scheduler.awaitsTaskEnd];
		const end = bench.scheduler.adopt();
		seen.push(bench.scheduler.awaitsTaskEnd);
		void bench.ask('a', atOnce(1));
		seen.push(bench.scheduler.awaitsTaskEnd);
		end();
		await settle();
		expect([...seen, bench.scheduler.awaitsTaskEnd]).toEqual([false, false, true, false]);
	});

	test('not for who waits for the minute or for a refusal to pass', async () => {
		const bench = new LineBench();
		bench.take(atOnce(2, 1)).answered('accepted');
		void bench.ask('a', atOnce(2, 1));
		bench.take(perMinute(0)).refusedForNow(PATIENCE);
		void bench.ask('b', atOnce(2));
		expect(bench.scheduler.awaitsTaskEnd).toBe(false);
	});

	test('not for who was cancelled', () => {
		const bench = new LineBench();
		const cancel = new AbortController();
		bench.scheduler.adopt();
		void bench.ask('a', atOnce(1), { signal: cancel.signal });
		cancel.abort();
		expect(bench.scheduler.awaitsTaskEnd).toBe(false);
	});
});
