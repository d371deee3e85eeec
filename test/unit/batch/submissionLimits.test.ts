/** Items that do not wait for a limit: they come back unsent, with the time to wait. */
import { reject } from '../support/reject';
import { SubmissionBench, WINDOW_MS } from '../support/submissionBench';
import { accepted, badToken, busy, noConnection, problem, uncertain } from '../support/verdicts';

const RETURN = { whenLimitReached: 'return', tasksPerMinute: 1 } as const;

describe('when a limit is reached: return', () => {
	test('with a place free, it is sent', async () => {
		const bench = new SubmissionBench();
		expect(await bench.submit([accepted()], RETURN)).toMatchObject({ kind: 'accepted', fresh: true });
	});

	test('no place in this minute: handed back unsent at once, with the time until there is one', async () => {
		const bench = new SubmissionBench();
		bench.take().release('accepted');
		await bench.clock.advance(15_000);
		const outcome = await bench.submit([], { ...RETURN, ...bench.claims() });
		expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs: 45_000 });
		expect(bench.clock.waits).toEqual([]);
		expect(bench.entry).toBeUndefined();
		expect(bench.events).toEqual([]);
	});

	test('nobody knows when there is one: a time that is neither nothing nor forever', async () => {
		const bench = new SubmissionBench();
		bench.take();
		const outcome = await bench.submit([], RETURN);
		if (outcome.kind !== 'notSubmitted') throw new Error(`It is ${outcome.kind}`);
		expect(outcome.retryAfterMs).toBeGreaterThan(0);
		expect(outcome.retryAfterMs).toBeLessThanOrEqual(WINDOW_MS);
	});

	test('somebody waits already: it does not overtake', async () => {
		const bench = new SubmissionBench();
		bench.take().release('accepted');
		void bench.scheduler.acquire({ tasksPerMinute: 1 });
		expect(await bench.submit([], { ...RETURN, tasksPerMinute: 2 })).toHaveProperty('kind', 'notSubmitted');
	});

	test.each([
		[busy(7_000), 7_000],
		[busy(), 2_000],
		[busy(0), 1_000],
	])('refused for now: handed back, the place and the key are given back, and the ledger says refused', async (verdict, retryAfterMs) => {
		const bench = new SubmissionBench();
		const outcome = await bench.submit([verdict], { ...RETURN, ...bench.claims() });
		expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs });
		expect(bench.entry).toHaveProperty('state', 'refused');
		expect(bench.events).toEqual(['claim', 'send', 'unclaim']);
		expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(retryAfterMs);
		await bench.clock.advance(retryAfterMs);
		expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
	});

	test('refused for now while the account waits for longer already: handed back with that wait', async () => {
		const bench = new SubmissionBench();
		const meanwhile = async () => {
			reject(bench.take(), { retryAfterMs: 50_000, maxRetryMs: 60_000 });
			return busy(3_000);
		};
		expect(await bench.submit([meanwhile], RETURN)).toEqual({ kind: 'notSubmitted', retryAfterMs: 50_000 });
	});

	test.each([
		[busy(7_000), 7_000],
		[busy(), 2_000],
	])('refused for now, beyond the budget: handed back with the true wait, and the account backs off', async (verdict, retryAfterMs) => {
		const bench = new SubmissionBench();
		expect(await bench.submit([verdict], { ...RETURN, budgetMs: 0 })).toEqual({ kind: 'notSubmitted', retryAfterMs });
		expect(await bench.submit([], { ...RETURN, key: 'another', budgetMs: 0 })).toEqual({ kind: 'notSubmitted', retryAfterMs });
	});

	test('the account is held back: handed back unsent, with what is left of the wait', async () => {
		const bench = new SubmissionBench();
		reject(bench.take(), { retryAfterMs: 50_000, maxRetryMs: 60_000 });
		await bench.clock.advance(10_000);
		expect(await bench.submit([], RETURN)).toEqual({ kind: 'notSubmitted', retryAfterMs: 40_000 });
	});

	test('no connection and a bad token are no limits: repeated as ever', async () => {
		const bench = new SubmissionBench();
		const steps = [noConnection(), badToken(), accepted()];
		const outcome = await bench.submit(steps, { ...RETURN, renewToken: () => undefined });
		expect(outcome.kind).toBe('accepted');
	});

	test('busy after a request that went unanswered: uncertain, not handed back', async () => {
		const bench = new SubmissionBench({ state: 'uncertain', requestId: 'r', problem: problem('earlier') });
		const steps = Array.from({ length: 10 }, () => busy());
		const outcome = await bench.submit(steps, { ...RETURN, whenUncertain: 'resubmit' });
		expect(outcome).toMatchObject({ kind: 'uncertain', problem: problem('earlier') });
	});

	test('uncertain, and no place for its repetition: uncertain, not handed back', async () => {
		const bench = new SubmissionBench();
		const outcome = await bench.submit([uncertain()], { ...RETURN, whenUncertain: 'resubmit' });
		expect(outcome).toMatchObject({ kind: 'uncertain', problem: problem('no answer') });
	});

	test('when nothing new is to start, its key is not even claimed', async () => {
		const bench = new SubmissionBench();
		bench.stop = AbortSignal.abort();
		expect(await bench.submit([], { ...RETURN, ...bench.claims() })).toEqual({ kind: 'cancelled' });
		expect(bench.events).toEqual([]);
	});

	test('no place for the repetition of a doubtful request: it stays uncertain in the ledger, and claimed', async () => {
		const bench = new SubmissionBench({ state: 'sending', requestId: 'r' });
		bench.take();
		await bench.submit([], { ...RETURN, ...bench.claims(), whenUncertain: 'resubmit' });
		expect(bench.entry).toEqual({ state: 'sending', requestId: 'r' });
		expect(bench.events).toEqual([]);
	});
});
