/** Retries of one item, and the permits they take. */
import type { Entry } from '../../../nodes/submission/ledger';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { reject } from '../support/schedulerTest';
import { isSettled } from '../support/simulatedClock';
import { SubmissionTest, WINDOW_MS } from '../support/submissionTest';
import { accepted, badToken, busy, noConnection, reasonOf, refused, uncertain } from '../support/verdicts';

const RETURN = { whenLimitReached: 'return', tasksPerMinute: 1 } as const;

describe('which refusals are retried, how often and when', () => {
	const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
	const startsOf = (item: SubmissionTest) => item.sent.map(({ at }) => at);

	test('a refusal that does not pass is final', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([refused('forbidden prompt')], { requestId: 'r' });
		expect(outcome).toEqual({ kind: 'refused', requestId: 'r', reason: reasonOf('forbidden prompt') });
		expect(item.clock.waits).toEqual([]);
	});

	test('a refusal that stops the run says so', async () => {
		const outcome = await new SubmissionTest().submit([refused('no credits', { fatal: true })]);
		expect(outcome).toHaveProperty('fatal', true);
	});

	test.each(['busy', 'token', 'noConnection'] as const)('does not retry a fatal refusal, though its reason (%s) is temporary', async (retryReason) => {
		const item = new SubmissionTest();
		const outcome = await item.submit([refused('no credits', { fatal: true, retryReason })], { renewToken: () => undefined });
		expect(outcome).toMatchObject({ kind: 'refused', fatal: true });
		expect(item.sent).toHaveLength(1);
	});

	test('busy, then accepted: the pauses double up to half a minute', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([...times(6, busy), accepted()]);
		expect(outcome).toMatchObject({ kind: 'accepted', taskId: 'task-1', fresh: true });
		expect(startsOf(item)).toEqual([0, 2_000, 6_000, 14_000, 30_000, 60_000, 90_000]);
	});

	test('every repetition carries the same request_id', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(), noConnection(), accepted()]);
		expect(new Set(item.sent.map(({ requestId }) => requestId)).size).toBe(1);
	});

	test('busy for longer than the budget: the last refusal comes out', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit(times(4, busy), { maxRetryMs: 14_000 });
		expect(outcome).toMatchObject({ kind: 'refused', reason: { code: 'refusedTooLong', waitMs: 16_000, refusal: reasonOf('busy') } });
		expect(startsOf(item)).toEqual([0, 2_000, 6_000, 14_000]);
	});

	test('no budget: the first refusal is final', async () => {
		const item = new SubmissionTest();
		await item.submit([busy()], { maxRetryMs: 0 });
		expect(item.sent).toHaveLength(1);
	});

	test('no budget: the first refusal is final, even if the service says that no wait is needed', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([busy(0)], { maxRetryMs: 0 });
		expect(outcome.kind).toBe('refused');
		expect(item.sent).toHaveLength(1);
	});

	test('busy is repeated for as long as the budget lasts, however often', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([...times(110, busy), accepted()], { maxRetryMs: 3_600_000 });
		expect(outcome.kind).toBe('accepted');
		expect(item.clock.now()).toBeLessThanOrEqual(3_600_000);
	});

	test('the budget counts from the first refusal of the account, also if that was somebody else\'s', async () => {
		const item = new SubmissionTest();
		reject(item.acquireNow(), { maxRetryMs: 60_000 });
		const outcome = await item.submit([busy()], { maxRetryMs: 5_999 });
		expect(outcome).toMatchObject({ kind: 'refused', reason: { refusal: reasonOf('busy') } });
		expect(startsOf(item)).toEqual([2_000]);
	});

	test('… and anew after an acceptance', async () => {
		const item = new SubmissionTest();
		reject(item.acquireNow(), { maxRetryMs: 60_000 });
		await item.clock.advance(2_000);
		item.acquireNow().release('accepted');
		expect(await item.submit([busy(), accepted()], { maxRetryMs: 5_999 })).toHaveProperty('kind', 'accepted');
	});

	test('who is refused for now is offered again before those who came later', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([busy(), accepted()], { tasksPerMinute: 1 });
		const later = item.scheduler.acquire({ tasksPerMinute: 1 });
		await item.clock.run(submitted);
		expect(startsOf(item)).toEqual([0, 2_000]);
		expect(await isSettled(later)).toBe(false);
	});

	test('the run is told of each wait, and of none that is not begun', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(), busy(9_000), noConnection(), busy()], { maxRetryMs: 14_000 });
		expect(item.heldBack).toEqual([2_000, 9_000]);
	});

	test('the wait that the service names is kept', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(45_000), accepted()]);
		expect(startsOf(item)).toEqual([0, 45_000]);
	});

	test('a wait that the service names beyond the budget is not begun', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([busy(120_001)]);
		expect(outcome.kind).toBe('refused');
		expect(item.clock.now()).toBe(0);
	});

	test('no connection: three repetitions, 1, 2 and 4 seconds apart', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit(times(4, noConnection));
		expect(outcome).toMatchObject({ kind: 'refused', reason: reasonOf('no connection') });
		expect(startsOf(item)).toEqual([0, 1_000, 3_000, 7_000]);
	});

	test.each([
		[6_999, [0, 1_000, 3_000]],
		[3_000, [0, 1_000, 3_000]],
		[2_999, [0, 1_000]],
		[1_000, [0, 1_000]],
		[0, [0]],
	])('no connection: with a budget of %i ms not beyond it', async (maxRetryMs, starts) => {
		const item = new SubmissionTest();
		const outcome = await item.submit(starts.map(noConnection), { maxRetryMs });
		expect(outcome.kind).toBe('refused');
		expect(startsOf(item)).toEqual(starts);
	});

	test('no connection holds nobody else back', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([noConnection(), accepted()]);
		await item.clock.advance(1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		await item.clock.run(submitted);
	});

	test('a bad token is renewed once, at once, and only once', async () => {
		const item = new SubmissionTest();
		const renewToken = jest.fn(() => void item.events.push('renew'));
		const outcome = await item.submit([badToken(), badToken()], { renewToken });
		expect(outcome).toMatchObject({ kind: 'refused', reason: reasonOf('bad token') });
		expect(item.events).toEqual(['send', 'renew', 'send']);
		expect(startsOf(item)).toEqual([0, 0]);
	});

	test('a bad token is renewed even without a budget', async () => {
		const item = new SubmissionTest();
		const renewToken = jest.fn();
		const outcome = await item.submit([badToken(), accepted()], { renewToken, maxRetryMs: 0 });
		expect(outcome.kind).toBe('accepted');
		expect(renewToken).toHaveBeenCalledTimes(1);
	});

	test('a bad token that cannot be renewed is final', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([badToken()]);
		expect(outcome).toMatchObject({ kind: 'refused', reason: reasonOf('bad token') });
	});

	test('each reason to repeat has its own count', async () => {
		const item = new SubmissionTest();
		const renewToken = jest.fn();
		const steps = [busy(), noConnection(), badToken(), busy(), noConnection(), accepted()];
		const outcome = await item.submit(steps, { renewToken, maxRetryMs: 9_000 });
		expect(outcome.kind).toBe('accepted');
		expect(startsOf(item)).toEqual([0, 2_000, 3_000, 3_000, 7_000, 9_000]);
	});
});

describe('items that do not wait for a limit are returned with the time to wait', () => {
	describe('when a limit is reached: return', () => {
		test('with a place free, it is sent', async () => {
			const item = new SubmissionTest();
			expect(await item.submit([accepted()], RETURN)).toMatchObject({ kind: 'accepted', fresh: true });
		});

		test('no place in this minute: handed back unsent at once, with the time until there is one', async () => {
			const item = new SubmissionTest();
			item.acquireNow().release('accepted');
			await item.clock.advance(15_000);
			const outcome = await item.submit([], { ...RETURN, ...item.withKey() });
			expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs: 45_000 });
			expect(item.clock.waits).toEqual([]);
			expect(item.entry).toBeUndefined();
			expect(item.events).toEqual([]);
		});

		test('nobody knows when there is one: a time that is neither nothing nor forever', async () => {
			const item = new SubmissionTest();
			item.acquireNow();
			const outcome = await item.submit([], RETURN);
			if (outcome.kind !== 'notSubmitted') throw new Error(`It is ${outcome.kind}`);
			expect(outcome.retryAfterMs).toBeGreaterThan(0);
			expect(outcome.retryAfterMs).toBeLessThanOrEqual(WINDOW_MS);
		});

		test('somebody waits already: it does not overtake', async () => {
			const item = new SubmissionTest();
			item.acquireNow().release('accepted');
			void item.scheduler.acquire({ tasksPerMinute: 1 });
			expect(await item.submit([], { ...RETURN, tasksPerMinute: 2 })).toHaveProperty('kind', 'notSubmitted');
		});

		test.each([
			[busy(7_000), 7_000],
			[busy(), 2_000],
			[busy(0), 1_000],
		])('refused for now: handed back, the place and the key are given back, and the ledger says refused', async (verdict, retryAfterMs) => {
			const item = new SubmissionTest();
			const outcome = await item.submit([verdict], { ...RETURN, ...item.withKey() });
			expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs });
			expect(item.entry).toHaveProperty('state', 'refused');
			expect(item.events).toEqual(['claim', 'send', 'release']);
			expect(item.waitMs({ tasksPerMinute: 1 })).toBe(retryAfterMs);
			await item.clock.advance(retryAfterMs);
			expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		});

		test('refused for now while the account waits for longer already: handed back with that wait', async () => {
			const item = new SubmissionTest();
			const meanwhile = async () => {
				reject(item.acquireNow(), { retryAfterMs: 50_000, maxRetryMs: 60_000 });
				return busy(3_000);
			};
			expect(await item.submit([meanwhile], RETURN)).toEqual({ kind: 'notSubmitted', retryAfterMs: 50_000 });
		});

		test.each([
			[busy(7_000), 7_000],
			[busy(), 2_000],
		])('refused for now, beyond the budget: handed back with the true wait, and the account backs off', async (verdict, retryAfterMs) => {
			const item = new SubmissionTest();
			expect(await item.submit([verdict], { ...RETURN, maxRetryMs: 0 })).toEqual({ kind: 'notSubmitted', retryAfterMs });
			expect(await item.submit([], { ...RETURN, key: 'another', maxRetryMs: 0 })).toEqual({ kind: 'notSubmitted', retryAfterMs });
		});

		test('the account is held back: handed back unsent, with what is left of the wait', async () => {
			const item = new SubmissionTest();
			reject(item.acquireNow(), { retryAfterMs: 50_000, maxRetryMs: 60_000 });
			await item.clock.advance(10_000);
			expect(await item.submit([], RETURN)).toEqual({ kind: 'notSubmitted', retryAfterMs: 40_000 });
		});

		test('no connection and a bad token are no limits: repeated as ever', async () => {
			const item = new SubmissionTest();
			const steps = [noConnection(), badToken(), accepted()];
			const outcome = await item.submit(steps, { ...RETURN, renewToken: () => undefined });
			expect(outcome.kind).toBe('accepted');
		});

		test('busy after a request that went unanswered: uncertain, not handed back', async () => {
			const item = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
			const steps = Array.from({ length: 10 }, () => busy());
			const outcome = await item.submit(steps, { ...RETURN, onUnclearResponse: 'resubmit' });
			expect(outcome).toMatchObject({ kind: 'uncertain', reason: reasonOf('earlier') });
		});

		test('uncertain, and no place for its repetition: uncertain, not handed back', async () => {
			const item = new SubmissionTest();
			const outcome = await item.submit([uncertain()], { ...RETURN, onUnclearResponse: 'resubmit' });
			expect(outcome).toMatchObject({ kind: 'uncertain', reason: reasonOf('no answer') });
		});

		test('when nothing new is to start, its key is not even claimed', async () => {
			const item = new SubmissionTest();
			item.stop = AbortSignal.abort();
			expect(await item.submit([], { ...RETURN, ...item.withKey() })).toEqual({ kind: 'cancelled' });
			expect(item.events).toEqual([]);
		});

		test('no place for the repetition of a doubtful request: it stays uncertain in the ledger, and claimed', async () => {
			const item = new SubmissionTest({ state: 'sending', requestId: 'r' });
			item.acquireNow();
			await item.submit([], { ...RETURN, ...item.withKey(), onUnclearResponse: 'resubmit' });
			expect(item.entry).toEqual({ state: 'sending', requestId: 'r' });
			expect(item.events).toEqual([]);
		});
	});
});

describe('the rate slot: kept if a task may exist, free if certainly not', () => {
	/** An upload that takes `ms`. */
	const slow = (item: SubmissionTest, ms: number, verdict: Verdict) => async () => {
		await item.clock.sleep(ms);
		return verdict;
	};

	test.each([
		['accepted', accepted()],
		['uncertain', uncertain()],
	])('%s: the place is taken for a window from the answer on', async (_, verdict) => {
		const item = new SubmissionTest();
		await item.submit([slow(item, 25_000, verdict)], { tasksPerMinute: 1 });
		expect(item.clock.now()).toBe(25_000);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
		await item.clock.advance(WINDOW_MS - 1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(1);
		await item.clock.advance(1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('refused: the place is free at once', async () => {
		const item = new SubmissionTest();
		await item.submit([slow(item, 25_000, refused())], { tasksPerMinute: 1 });
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test.each([
		['refused', refused()],
		['uncertain', uncertain()],
	])('%s for good: the run is told while the place is still taken, so that it can keep the next in line from it', async (kind, verdict) => {
		const item = new SubmissionTest();
		const taken: boolean[] = [];
		item.onOutcome = () => void taken.push(typeof item.scheduler.tryAcquire({ tasksPerMinute: 1 }) === 'number');
		await item.submit([verdict], { tasksPerMinute: 1 });
		expect([item.told, taken]).toEqual([[kind], [true]]);
	});

	test('the run is told of no outcome while the item is retried', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(1_000), noConnection(), accepted()], { maxRetryMs: 60_000 });
		expect(item.told).toEqual(['accepted']);
	});

	test.each([
		[0, [0, 5_000, 10_000]],
		[2, [0, 5_000, WINDOW_MS]],
		[1, [0, WINDOW_MS, 2 * WINDOW_MS]],
	])('uncertain and sent again (%i a minute): each request takes a place of its own', async (tasksPerMinute, starts) => {
		const item = new SubmissionTest();
		await item.submit([uncertain(), uncertain(), uncertain()], { tasksPerMinute, onUnclearResponse: 'resubmit' });
		expect(item.sent.map(({ at }) => at)).toEqual(starts);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
	});

	test('uncertain, then refused: the place of the first request is kept, since there may be a task', async () => {
		const item = new SubmissionTest();
		await item.submit([uncertain(), refused()], { onUnclearResponse: 'resubmit' });
		expect(item.clock.now()).toBe(5_000);
		expect([1, 2].map((tasksPerMinute) => item.waitMs({ tasksPerMinute }))).toEqual([WINDOW_MS - 5_000, 0]);
	});

	test('refused for now: no place is taken while it waits, and one is taken again when it is sent', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([busy(30_000), accepted()], { tasksPerMinute: 1 });
		await item.clock.advance(29_999);
		expect(item.waitMs({ tasksPerMinute: 0 })).toBe(1);
		await item.clock.run(submitted);
		expect(item.sent.map(({ at }) => at)).toEqual([0, 30_000]);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
	});

	test('it waits for its place before it is sent', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		await item.submit([accepted()], { tasksPerMinute: 1 });
		expect(item.sent.map(({ at }) => at)).toEqual([WINDOW_MS]);
	});

	test('while it waits for its place the ledger does not say that it is being sent', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		const submitted = item.start([accepted()], { tasksPerMinute: 1 });
		await item.clock.advance(WINDOW_MS - 1);
		expect(item.entry).toBeUndefined();
		await item.clock.run(submitted);
		expect(item.entry).toHaveProperty('state', 'accepted');
	});

	test('waiting for its place does not use up the budget for refusals', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		const outcome = await item.submit([busy(), accepted()], { tasksPerMinute: 1, maxRetryMs: 2_000 });
		expect(outcome.kind).toBe('accepted');
	});

	test('without pacing nothing is waited for, and others count it', async () => {
		const item = new SubmissionTest();
		item.acquireNow();
		await item.submit([accepted()], { tasksPerMinute: 0 });
		expect(item.clock.waits).toEqual([]);
		expect(item.waitMs({ tasksPerMinute: 2 })).toBe(WINDOW_MS);
	});
});

describe('the place among the running tasks', () => {
	const EARLIER: Entry = { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } };

	describe('where the end of each task is waited for', () => {
		const open = () => Object.assign(new SubmissionTest(), { keepsParallel: true });

		test('an accepted task holds its place until it is given back', async () => {
			const item = open();
			const outcome = await item.submit([accepted()], { parallelTasks: 1 });
			if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			outcome.ended();
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('a task of an earlier try holds a place until it is given back', async () => {
			const item = Object.assign(new SubmissionTest(EARLIER), { keepsParallel: true });
			const outcome = await item.submit([], { parallelTasks: 1 });
			if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			outcome.ended();
			outcome.ended();
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('the next one waits until a task has ended', async () => {
			const item = open();
			const end = item.scheduler.addRunning();
			const submitted = item.start([accepted()], { parallelTasks: 1 });
			await item.clock.advance(1_000_000);
			expect(item.sent).toEqual([]);
			end();
			await item.clock.run(submitted);
			expect(item.sent).toHaveLength(1);
		});

		test.each([
			['refused', refused()],
			['uncertain', uncertain()],
		])('%s: no task is waited for, so its place is given back', async (_, verdict) => {
			const item = open();
			await item.submit([verdict], { parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('cancelled while it waits for the minute: the place among the tasks is given back', async () => {
			const item = open();
			item.acquireNow();
			const submitted = item.start([], { parallelTasks: 1, tasksPerMinute: 1 });
			await item.clock.advance(1);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			item.cancel.abort();
			expect(await item.clock.run(submitted)).toEqual({ kind: 'cancelled' });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('handed back for the minute: the place among the tasks is given back', async () => {
			const item = open();
			item.acquireNow();
			await item.submit([], { ...RETURN, parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('handed back for the tasks that run', async () => {
			const item = open();
			item.scheduler.addRunning();
			expect(await item.submit([], { ...RETURN, parallelTasks: 1 })).toHaveProperty('kind', 'notSubmitted');
			expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		});
	});

	describe('where the end of a task is never learnt', () => {
		test.each([
			['fresh', undefined, [accepted()]],
			['of an earlier try', EARLIER, []],
		])('a task holds no place among those that run: %s', async (_, entry, steps) => {
			const item = new SubmissionTest(entry);
			await item.submit(steps, { parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('it does not wait for tasks to end', async () => {
			const item = new SubmissionTest();
			item.scheduler.addRunning();
			expect(await item.submit([accepted()], { parallelTasks: 1 })).toHaveProperty('kind', 'accepted');
		});
	});
});
