/** Items that do not wait for a limit, and tasks whose end is waited for. */
import { SubmissionBench, WINDOW_MS } from '../support/submissionBench';
import { accepted, badToken, busy, noConnection, problem, refused, uncertain } from '../support/verdicts';

const RETURN = { whenLimitReached: 'return', tasksPerMinute: 1 } as const;

describe('when a limit is reached: return', () => {
	test('with a place free, it is sent', async () => {
		const bench = new SubmissionBench();
		expect(await bench.submit([accepted()], RETURN)).toMatchObject({ kind: 'accepted', fresh: true });
	});

	test('no place in this minute: handed back unsent at once, with the time until there is one', async () => {
		const bench = new SubmissionBench();
		(await bench.rate.take(1))?.answered();
		await bench.clock.advance(15_000);
		const outcome = await bench.submit([], { ...RETURN, ...bench.claims() });
		expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs: 45_000 });
		expect(bench.clock.waits).toEqual([]);
		expect(bench.entry).toBeUndefined();
		expect(bench.events).toEqual(['claim', 'unclaim']);
	});

	test('nobody knows when there is one: a time that is neither nothing nor forever', async () => {
		const bench = new SubmissionBench();
		await bench.rate.take(1);
		const outcome = await bench.submit([], RETURN);
		if (outcome.kind !== 'notSubmitted') throw new Error(`It is ${outcome.kind}`);
		expect(outcome.retryAfterMs).toBeGreaterThan(0);
		expect(outcome.retryAfterMs).toBeLessThanOrEqual(WINDOW_MS);
	});

	test('somebody waits already: it does not overtake', async () => {
		const bench = new SubmissionBench();
		(await bench.rate.take(1))?.answered();
		void bench.rate.take(1);
		expect(await bench.submit([], { ...RETURN, tasksPerMinute: 2 })).toHaveProperty('kind', 'notSubmitted');
	});

	test.each([
		[busy(7_000), 7_000],
		[busy(), 30_000],
	])('refused for now: handed back, the place and the key are given back, and the ledger says refused', async (verdict, retryAfterMs) => {
		const bench = new SubmissionBench();
		const outcome = await bench.submit([verdict], { ...RETURN, ...bench.claims() });
		expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs });
		expect(bench.entry).toHaveProperty('state', 'refused');
		expect(bench.events).toEqual(['claim', 'send', 'unclaim']);
		expect(bench.rate.waitFor(1)).toBe(0);
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

	test('no place for the repetition of a doubtful request: it stays uncertain in the ledger, and claimed', async () => {
		const bench = new SubmissionBench({ state: 'sending', requestId: 'r' });
		await bench.rate.take(1);
		await bench.submit([], { ...RETURN, ...bench.claims(), whenUncertain: 'resubmit' });
		expect(bench.entry).toEqual({ state: 'sending', requestId: 'r' });
		expect(bench.events).toEqual([]);
	});
});

describe('where the end of each task is waited for', () => {
	const open = () => Object.assign(new SubmissionBench(), { keepsParallel: true });

	test('an accepted task holds its place until it is given back', async () => {
		const bench = open();
		const outcome = await bench.submit([accepted()], { parallelTasks: 1 });
		if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
		expect(bench.parallel.waitFor(1)).toBe(Infinity);
		outcome.place?.giveBack();
		expect(bench.parallel.waitFor(1)).toBe(0);
	});

	test('the next one waits until a task has ended', async () => {
		const bench = open();
		const running = await bench.parallel.take(1);
		const submitted = bench.start([accepted()], { parallelTasks: 1 });
		await bench.clock.advance(1_000_000);
		expect(bench.sent).toEqual([]);
		running?.answered();
		await bench.clock.run(submitted);
		expect(bench.sent).toHaveLength(1);
	});

	test.each([
		['refused', refused()],
		['uncertain', uncertain()],
	])('%s: no task is waited for, so its place is given back', async (_, verdict) => {
		const bench = open();
		await bench.submit([verdict], { parallelTasks: 1 });
		expect(bench.parallel.waitFor(1)).toBe(0);
	});

	test('cancelled while it waits for the minute: the place among the tasks is given back', async () => {
		const bench = open();
		await bench.rate.take(1);
		const submitted = bench.start([], { parallelTasks: 1, tasksPerMinute: 1 });
		await bench.clock.advance(1);
		expect(bench.parallel.waitFor(1)).toBe(Infinity);
		bench.cancel.abort();
		expect(await bench.clock.run(submitted)).toEqual({ kind: 'cancelled' });
		expect(bench.parallel.waitFor(1)).toBe(0);
	});

	test('handed back for the minute: the place among the tasks is given back', async () => {
		const bench = open();
		await bench.rate.take(1);
		await bench.submit([], { ...RETURN, parallelTasks: 1 });
		expect(bench.parallel.waitFor(1)).toBe(0);
	});

	test('handed back for the tasks that run', async () => {
		const bench = open();
		await bench.parallel.take(1);
		expect(await bench.submit([], { ...RETURN, parallelTasks: 1 })).toHaveProperty('kind', 'notSubmitted');
		expect(bench.rate.waitFor(1)).toBe(0);
	});
});
