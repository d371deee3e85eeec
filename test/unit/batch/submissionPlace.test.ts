/** The place in the sliding minute: kept when a task was, or may have been, made; given back when surely not. */
import { SubmissionBench, WINDOW_MS } from '../support/submissionBench';
import { accepted, busy, noConnection, refused, uncertain } from '../support/verdicts';
import type { Verdict } from '../../../nodes/hidream/verdict';

/** An upload that takes `ms`. */
const slow = (bench: SubmissionBench, ms: number, verdict: Verdict) => async () => {
	await bench.clock.wait(ms);
	return verdict;
};

test.each([
	['accepted', accepted()],
	['uncertain', uncertain()],
])('%s: the place is taken for a window from the answer on', async (_, verdict) => {
	const bench = new SubmissionBench();
	await bench.submit([slow(bench, 25_000, verdict)], { tasksPerMinute: 1 });
	expect(bench.clock.now()).toBe(25_000);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
	await bench.clock.advance(WINDOW_MS - 1);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(1);
	await bench.clock.advance(1);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test('refused: the place is free at once', async () => {
	const bench = new SubmissionBench();
	await bench.submit([slow(bench, 25_000, refused())], { tasksPerMinute: 1 });
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test.each([
	['refused', refused()],
	['uncertain', uncertain()],
])('%s for good: the run is told while the place is still taken, so that it can keep the next in line from it', async (kind, verdict) => {
	const bench = new SubmissionBench();
	const taken: boolean[] = [];
	bench.onOutcome = () => void taken.push(typeof bench.scheduler.tryAcquire({ tasksPerMinute: 1 }) === 'number');
	await bench.submit([verdict], { tasksPerMinute: 1 });
	expect([bench.told, taken]).toEqual([[kind], [true]]);
});

test('the run is told of no outcome while the item is retried', async () => {
	const bench = new SubmissionBench();
	await bench.submit([busy(1_000), noConnection(), accepted()], { budgetMs: 60_000 });
	expect(bench.told).toEqual(['accepted']);
});

test.each([
	[0, [0, 5_000, 10_000]],
	[2, [0, 5_000, WINDOW_MS]],
	[1, [0, WINDOW_MS, 2 * WINDOW_MS]],
])('uncertain and sent again (%i a minute): each request takes a place of its own', async (tasksPerMinute, starts) => {
	const bench = new SubmissionBench();
	await bench.submit([uncertain(), uncertain(), uncertain()], { tasksPerMinute, whenUncertain: 'resubmit' });
	expect(bench.sent.map(({ at }) => at)).toEqual(starts);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
});

test('uncertain, then refused: the place of the first request is kept, since there may be a task', async () => {
	const bench = new SubmissionBench();
	await bench.submit([uncertain(), refused()], { whenUncertain: 'resubmit' });
	expect(bench.clock.now()).toBe(5_000);
	expect([1, 2].map((tasksPerMinute) => bench.roomIn({ tasksPerMinute }))).toEqual([WINDOW_MS - 5_000, 0]);
});

test('refused for now: no place is taken while it waits, and one is taken again when it is sent', async () => {
	const bench = new SubmissionBench();
	const submitted = bench.start([busy(30_000), accepted()], { tasksPerMinute: 1 });
	await bench.clock.advance(29_999);
	expect(bench.roomIn({ tasksPerMinute: 0 })).toBe(1);
	await bench.clock.run(submitted);
	expect(bench.sent.map(({ at }) => at)).toEqual([0, 30_000]);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
});

test('it waits for its place before it is sent', async () => {
	const bench = new SubmissionBench();
	bench.take().release('accepted');
	await bench.submit([accepted()], { tasksPerMinute: 1 });
	expect(bench.sent.map(({ at }) => at)).toEqual([WINDOW_MS]);
});

test('while it waits for its place the ledger does not say that it is being sent', async () => {
	const bench = new SubmissionBench();
	bench.take().release('accepted');
	const submitted = bench.start([accepted()], { tasksPerMinute: 1 });
	await bench.clock.advance(WINDOW_MS - 1);
	expect(bench.entry).toBeUndefined();
	await bench.clock.run(submitted);
	expect(bench.entry).toHaveProperty('state', 'accepted');
});

test('waiting for its place does not use up the budget for refusals', async () => {
	const bench = new SubmissionBench();
	bench.take().release('accepted');
	const outcome = await bench.submit([busy(), accepted()], { tasksPerMinute: 1, budgetMs: 2_000 });
	expect(outcome.kind).toBe('accepted');
});

test('without pacing nothing is waited for, and others count it', async () => {
	const bench = new SubmissionBench();
	bench.take();
	await bench.submit([accepted()], { tasksPerMinute: 0 });
	expect(bench.clock.waits).toEqual([]);
	expect(bench.roomIn({ tasksPerMinute: 2 })).toBe(WINDOW_MS);
});
