/** What a refusal for now means for the whole account, and leave without waiting. */
import { isSettled, settle } from '../support/simulatedClock';
import { reject } from '../support/reject';
import { WINDOW_MS } from '../support/submissionBench';
import { problem } from '../support/verdicts';
import { atOnce, LineBench, perMinute } from './support';

const PATIENCE = { maxRetryMs: 600_000 };

describe('a refusal for now', () => {
	test('holds everybody back for the pause, paced or not', async () => {
		const bench = new LineBench();
		expect(reject(bench.take(perMinute(2)), PATIENCE)).toBe(2_000);
		expect([perMinute(2), perMinute(0), atOnce(3)].map((limits) => bench.roomIn(limits))).toEqual([2_000, 2_000, 2_000]);
		const asked = [bench.ask('a', perMinute(0)), bench.ask('b', atOnce(3))];
		await bench.clock.run(Promise.all(asked));
		expect(bench.order).toEqual(['a@2000', 'b@2000']);
	});

	test('gives both of its places back', async () => {
		const bench = new LineBench();
		reject(bench.take(atOnce(1, 1)), PATIENCE);
		expect(bench.roomIn(atOnce(1, 1))).toBe(2_000);
		await bench.clock.advance(2_000);
		expect(bench.roomIn(atOnce(1, 1))).toBe(0);
	});

	test('is waited out as long as the service says', () => {
		const bench = new LineBench();
		expect(reject(bench.take(perMinute(2)), { ...PATIENCE, retryAfterMs: 45_000 })).toBe(45_000);
		expect(bench.roomIn(perMinute(2))).toBe(45_000);
	});

	test('beyond the budget makes the account back off all the same, and gives its places back', async () => {
		const bench = new LineBench();
		expect(reject(bench.take(atOnce(1, 1)), { maxRetryMs: 1_000 })).toBeUndefined();
		expect(bench.roomIn(atOnce(1, 1))).toBe(2_000);
		await bench.clock.advance(2_000);
		expect(bench.roomIn(atOnce(1, 1))).toBe(0);
	});

	test('beyond the budget of others: those in the queue and those who come later do not wait; longer budgets do', async () => {
		const bench = new LineBench();
		bench.take(perMinute(1)).release('accepted');
		const permit = bench.take(perMinute(0));
		const budgets = [3_600_000, 7_199_999, 7_200_000, undefined];
		const asked = budgets.map(async (maxRetryMs) => await bench.scheduler.acquire(perMinute(1), { maxRetryMs }));
		reject(permit, { retryAfterMs: 7_200_000, problem: problem('too many') });
		expect(await Promise.all(asked.slice(0, 2))).toEqual(Array(2).fill({ heldMs: 7_200_000, problem: problem('too many') }));
		await bench.clock.advance(3_599_000);
		expect(await bench.scheduler.acquire(perMinute(0), { maxRetryMs: 3_600_000 })).toEqual({ heldMs: 3_601_000, problem: problem('too many') });
		await bench.clock.advance(1_000);
		const late = bench.scheduler.acquire(perMinute(0), { maxRetryMs: 3_600_000 });
		expect(await isSettled(late)).toBe(false);
		expect(await isSettled(asked[2] as Promise<unknown>)).toBe(false);
		await bench.clock.run(late);
		expect(bench.clock.now()).toBe(7_200_000);
	});

	test('an item without a budget does not wait for any backoff, but waits for its rate slot', async () => {
		const bench = new LineBench();
		bench.take(perMinute(1)).release('accepted');
		const asked = bench.scheduler.acquire(perMinute(1), { maxRetryMs: 0 });
		await bench.clock.advance(WINDOW_MS - 1);
		expect(await isSettled(asked)).toBe(false);
		await bench.clock.advance(1);
		const permit = await asked;
		if (!permit || 'heldMs' in permit) throw new Error('There is no permit');
		reject(permit);
		expect(await bench.scheduler.acquire(perMinute(1), { maxRetryMs: 0 })).toHaveProperty('heldMs', 2_000);
	});

	test('several in flight at once are one: the next pause is twice the first', async () => {
		const bench = new LineBench();
		const leaves = [1, 2, 3].map(() => bench.take(perMinute(0)));
		for (const leave of leaves) reject(leave, PATIENCE);
		await bench.clock.advance(2_000);
		expect(reject(bench.take(perMinute(0)), PATIENCE)).toBe(4_000);
	});

	test('after an acceptance is the first of a new row', async () => {
		const bench = new LineBench();
		reject(bench.take(perMinute(0)), { maxRetryMs: 2_000 });
		await bench.clock.advance(2_000);
		bench.take(perMinute(0)).release('accepted');
		expect(reject(bench.take(perMinute(0)), { maxRetryMs: 2_000 })).toBe(2_000);
	});

	test.each(['refused', 'uncertain'] as const)('after an answer that is %s goes on with the row', async (kind) => {
		const bench = new LineBench();
		reject(bench.take(perMinute(0)), { maxRetryMs: 2_000 });
		await bench.clock.advance(2_000);
		bench.take(perMinute(0)).release(kind);
		expect(reject(bench.take(perMinute(0)), { maxRetryMs: 2_000 })).toBeUndefined();
	});
});

describe('leave now or never', () => {
	test('the time until there is room is told, and nothing is taken', () => {
		const bench = new LineBench();
		bench.take(perMinute(1)).release('accepted');
		expect([bench.scheduler.tryAcquire(perMinute(1)), bench.scheduler.tryAcquire(perMinute(1))]).toEqual([WINDOW_MS, WINDOW_MS]);
		expect(bench.roomIn(perMinute(2))).toBe(0);
	});

	test.each([
		['an upload ends', perMinute(1), perMinute(1)],
		['a task ends', atOnce(1), atOnce(1)],
	])('nobody knows when %s', (_, taken, wanted) => {
		const bench = new LineBench();
		bench.take(taken);
		expect(bench.scheduler.tryAcquire(wanted)).toBe(Infinity);
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
		bench.take(atOnce(2, 1)).release('accepted');
		void bench.ask('a', atOnce(2, 1));
		reject(bench.take(perMinute(0)), PATIENCE);
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
