/** The place in the sliding minute: kept when a task was, or may have been, made; given back when surely not. */
import { settle } from '../support/simulatedClock';
import { SubmissionBench, WINDOW_MS } from '../support/submissionBench';
import { accepted, busy, refused, uncertain } from '../support/verdicts';
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
	expect(bench.rate.waitFor(1)).toBe(WINDOW_MS);
	await bench.clock.advance(WINDOW_MS - 1);
	expect(bench.rate.waitFor(1)).toBe(1);
	await bench.clock.advance(1);
	expect(bench.rate.waitFor(1)).toBe(0);
});

test('refused: the place is free at once', async () => {
	const bench = new SubmissionBench();
	await bench.submit([slow(bench, 25_000, refused())], { tasksPerMinute: 1 });
	expect(bench.rate.waitFor(1)).toBe(0);
});

test('uncertain, then refused: the place is kept, since there may be a task', async () => {
	const bench = new SubmissionBench();
	await bench.submit([uncertain(), refused(), refused()], { tasksPerMinute: 1, whenUncertain: 'resubmit' });
	expect(bench.rate.waitFor(1)).toBe(WINDOW_MS);
});

test('while it is under way, and while it is repeated, the place is taken', async () => {
	const bench = new SubmissionBench();
	const submitted = bench.start([busy(30_000), accepted()], { tasksPerMinute: 1 });
	await settle();
	expect(bench.sent).toHaveLength(1);
	await bench.clock.advance(29_999);
	expect(bench.rate.waitFor(1)).toBeGreaterThan(0);
	await bench.clock.run(submitted);
	expect(bench.rate.waitFor(1)).toBe(WINDOW_MS);
});

test('it waits for its place before it is sent', async () => {
	const bench = new SubmissionBench();
	(await bench.rate.take(1))?.answered();
	await bench.submit([accepted()], { tasksPerMinute: 1 });
	expect(bench.sent.map(({ at }) => at)).toEqual([WINDOW_MS]);
});

test('while it waits for its place the ledger does not say that it is being sent', async () => {
	const bench = new SubmissionBench();
	(await bench.rate.take(1))?.answered();
	const submitted = bench.start([accepted()], { tasksPerMinute: 1 });
	await bench.clock.advance(WINDOW_MS - 1);
	expect(bench.entry).toBeUndefined();
	await bench.clock.run(submitted);
	expect(bench.entry).toHaveProperty('state', 'accepted');
});

test('waiting for its place does not use up the budget for refusals', async () => {
	const bench = new SubmissionBench();
	(await bench.rate.take(1))?.answered();
	const outcome = await bench.submit([busy(), accepted()], { tasksPerMinute: 1, budgetMs: 2_000 });
	expect(outcome.kind).toBe('accepted');
});

test('without pacing nothing is waited for, and others count it', async () => {
	const bench = new SubmissionBench();
	await bench.rate.take(1);
	await bench.submit([accepted()], { tasksPerMinute: 0 });
	expect(bench.clock.waits).toEqual([]);
	expect(bench.rate.waitFor(2)).toBe(WINDOW_MS);
});
