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

	test('a refusal that is not temporary is final', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([refused('forbidden prompt')], { requestId: 'r' });
		expect(outcome).toEqual({ kind: 'refused', requestId: 'r', reason: reasonOf('forbidden prompt') });
		expect(item.clock.waits).toEqual([]);
	});

	test('a fatal refusal is marked as fatal', async () => {
		const outcome = await new SubmissionTest().submit([refused('no credits', { fatal: true })]);
		expect(outcome).toHaveProperty('fatal', true);
	});

	test.each(['busy', 'token', 'noConnection'] as const)('does not retry a fatal refusal, though its reason (%s) is temporary', async (retryReason) => {
		const item = new SubmissionTest();
		const outcome = await item.submit([refused('no credits', { fatal: true, retryReason })], { renewToken: () => undefined });
		expect(outcome).toMatchObject({ kind: 'refused', fatal: true });
		expect(item.sent).toHaveLength(1);
	});

	test('busy, then accepted: the delays double up to 30 seconds', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([...times(6, busy), accepted()]);
		expect(outcome).toMatchObject({ kind: 'accepted', taskId: 'task-1', fresh: true });
		expect(startsOf(item)).toEqual([0, 2_000, 6_000, 14_000, 30_000, 60_000, 90_000]);
	});

	test('every attempt has the same request_id', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(), noConnection(), accepted()]);
		expect(new Set(item.sent.map(({ requestId }) => requestId)).size).toBe(1);
	});

	test('busy for longer than the retry budget: reports the last refusal', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit(times(4, busy), { maxRetryMs: 14_000 });
		expect(outcome).toMatchObject({ kind: 'refused', reason: { code: 'refusedTooLong', waitMs: 16_000, refusal: reasonOf('busy') } });
		expect(startsOf(item)).toEqual([0, 2_000, 6_000, 14_000]);
	});

	test('no retry budget: the first refusal is final', async () => {
		const item = new SubmissionTest();
		await item.submit([busy()], { maxRetryMs: 0 });
		expect(item.sent).toHaveLength(1);
	});

	test('no retry budget: the first refusal is final, even if the service requests no delay', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([busy(0)], { maxRetryMs: 0 });
		expect(outcome.kind).toBe('refused');
		expect(item.sent).toHaveLength(1);
	});

	test('retries a busy response until the retry budget is used up, however often', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([...times(110, busy), accepted()], { maxRetryMs: 3_600_000 });
		expect(outcome.kind).toBe('accepted');
		expect(item.clock.now()).toBeLessThanOrEqual(3_600_000);
	});

	test('the retry budget counts from the first refusal of the account, also of another item', async () => {
		const item = new SubmissionTest();
		reject(item.acquireNow(), { maxRetryMs: 60_000 });
		const outcome = await item.submit([busy()], { maxRetryMs: 5_999 });
		expect(outcome).toMatchObject({ kind: 'refused', reason: { refusal: reasonOf('busy') } });
		expect(startsOf(item)).toEqual([2_000]);
	});

	test('the retry budget starts again after an acceptance', async () => {
		const item = new SubmissionTest();
		reject(item.acquireNow(), { maxRetryMs: 60_000 });
		await item.clock.advance(2_000);
		item.acquireNow().release('accepted');
		expect(await item.submit([busy(), accepted()], { maxRetryMs: 5_999 })).toHaveProperty('kind', 'accepted');
	});

	test('retries a temporarily refused item before later ones', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([busy(), accepted()], { tasksPerMinute: 1 });
		const later = item.scheduler.acquire({ tasksPerMinute: 1 });
		await item.clock.run(submitted);
		expect(startsOf(item)).toEqual([0, 2_000]);
		expect(await isSettled(later)).toBe(false);
	});

	test('reports each delay to the run, and none that does not begin', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(), busy(9_000), noConnection(), busy()], { maxRetryMs: 14_000 });
		expect(item.heldBack).toEqual([2_000, 9_000]);
	});

	test('keeps a requested delay', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(45_000), accepted()]);
		expect(startsOf(item)).toEqual([0, 45_000]);
	});

	test('does not wait for a requested delay beyond the retry budget', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([busy(120_001)]);
		expect(outcome.kind).toBe('refused');
		expect(item.clock.now()).toBe(0);
	});

	test('no connection: three retries, after 1, 2 and 4 seconds', async () => {
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
	])('no connection: with a retry budget of %i ms, not beyond it', async (maxRetryMs, starts) => {
		const item = new SubmissionTest();
		const outcome = await item.submit(starts.map(noConnection), { maxRetryMs });
		expect(outcome.kind).toBe('refused');
		expect(startsOf(item)).toEqual(starts);
	});

	test('no connection delays no other item', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([noConnection(), accepted()]);
		await item.clock.advance(1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		await item.clock.run(submitted);
	});

	test('renews a bad token once, immediately, and only once', async () => {
		const item = new SubmissionTest();
		const renewToken = jest.fn(() => void item.events.push('renew'));
		const outcome = await item.submit([badToken(), badToken()], { renewToken });
		expect(outcome).toMatchObject({ kind: 'refused', reason: reasonOf('bad token') });
		expect(item.events).toEqual(['send', 'renew', 'send']);
		expect(startsOf(item)).toEqual([0, 0]);
	});

	test('renews a bad token even without a retry budget', async () => {
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

	test('each reason to retry has its own count', async () => {
		const item = new SubmissionTest();
		const renewToken = jest.fn();
		const steps = [busy(), noConnection(), badToken(), busy(), noConnection(), accepted()];
		const outcome = await item.submit(steps, { renewToken, maxRetryMs: 9_000 });
		expect(outcome.kind).toBe('accepted');
		expect(startsOf(item)).toEqual([0, 2_000, 3_000, 3_000, 7_000, 9_000]);
	});
});

describe('items that do not wait for a limit are returned with the time to wait', () => {
	describe('When Limit Reached: Return', () => {
		test('sends an item if a slot is free', async () => {
			const item = new SubmissionTest();
			expect(await item.submit([accepted()], RETURN)).toMatchObject({ kind: 'accepted', fresh: true });
		});

		test('no rate slot: returns the item unsent immediately, with the time until one is free', async () => {
			const item = new SubmissionTest();
			item.acquireNow().release('accepted');
			await item.clock.advance(15_000);
			const outcome = await item.submit([], { ...RETURN, ...item.withKey() });
			expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs: 45_000 });
			expect(item.clock.waits).toEqual([]);
			expect(item.entry).toBeUndefined();
			expect(item.events).toEqual([]);
		});

		test('unknown time until a slot is free: a time that is neither zero nor infinite', async () => {
			const item = new SubmissionTest();
			item.acquireNow();
			const outcome = await item.submit([], RETURN);
			if (outcome.kind !== 'notSubmitted') throw new Error(`It is ${outcome.kind}`);
			expect(outcome.retryAfterMs).toBeGreaterThan(0);
			expect(outcome.retryAfterMs).toBeLessThanOrEqual(WINDOW_MS);
		});

		test('does not overtake an item that already waits', async () => {
			const item = new SubmissionTest();
			item.acquireNow().release('accepted');
			void item.scheduler.acquire({ tasksPerMinute: 1 });
			expect(await item.submit([], { ...RETURN, tasksPerMinute: 2 })).toHaveProperty('kind', 'notSubmitted');
		});

		test.each([
			[busy(7_000), 7_000],
			[busy(), 2_000],
			[busy(0), 1_000],
		])('temporarily refused: returns the item, releases slot and key, and the ledger has "refused"', async (verdict, retryAfterMs) => {
			const item = new SubmissionTest();
			const outcome = await item.submit([verdict], { ...RETURN, ...item.withKey() });
			expect(outcome).toEqual({ kind: 'notSubmitted', retryAfterMs });
			expect(item.entry).toHaveProperty('state', 'refused');
			expect(item.events).toEqual(['claim', 'send', 'release']);
			expect(item.waitMs({ tasksPerMinute: 1 })).toBe(retryAfterMs);
			await item.clock.advance(retryAfterMs);
			expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		});

		test('temporarily refused during a longer backoff: returns the item with the longer delay', async () => {
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
		])('temporarily refused beyond the retry budget: returns the item with the actual delay, and the account backs off', async (verdict, retryAfterMs) => {
			const item = new SubmissionTest();
			expect(await item.submit([verdict], { ...RETURN, maxRetryMs: 0 })).toEqual({ kind: 'notSubmitted', retryAfterMs });
			expect(await item.submit([], { ...RETURN, key: 'another', maxRetryMs: 0 })).toEqual({ kind: 'notSubmitted', retryAfterMs });
		});

		test('during a backoff: returns the item unsent, with the remaining delay', async () => {
			const item = new SubmissionTest();
			reject(item.acquireNow(), { retryAfterMs: 50_000, maxRetryMs: 60_000 });
			await item.clock.advance(10_000);
			expect(await item.submit([], RETURN)).toEqual({ kind: 'notSubmitted', retryAfterMs: 40_000 });
		});

		test('no connection and a bad token are no limits: retried as usual', async () => {
			const item = new SubmissionTest();
			const steps = [noConnection(), badToken(), accepted()];
			const outcome = await item.submit(steps, { ...RETURN, renewToken: () => undefined });
			expect(outcome.kind).toBe('accepted');
		});

		test('busy after an unanswered request: uncertain, not returned', async () => {
			const item = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
			const steps = Array.from({ length: 10 }, () => busy());
			const outcome = await item.submit(steps, { ...RETURN, onUnclearResponse: 'resubmit' });
			expect(outcome).toMatchObject({ kind: 'uncertain', reason: reasonOf('earlier') });
		});

		test('uncertain, and no slot for its repetition: uncertain, not returned', async () => {
			const item = new SubmissionTest();
			const outcome = await item.submit([uncertain()], { ...RETURN, onUnclearResponse: 'resubmit' });
			expect(outcome).toMatchObject({ kind: 'uncertain', reason: reasonOf('no answer') });
		});

		test('after the run has stopped new submissions, claims no key', async () => {
			const item = new SubmissionTest();
			item.stop = AbortSignal.abort();
			expect(await item.submit([], { ...RETURN, ...item.withKey() })).toEqual({ kind: 'cancelled' });
			expect(item.events).toEqual([]);
		});

		test('no slot for the repetition of an unresolved request: it stays uncertain in the ledger, and claimed', async () => {
			const item = new SubmissionTest({ state: 'sending', requestId: 'r' });
			item.acquireNow();
			await item.submit([], { ...RETURN, ...item.withKey(), onUnclearResponse: 'resubmit' });
			expect(item.entry).toEqual({ state: 'sending', requestId: 'r' });
			expect(item.events).toEqual([]);
		});
	});
});

describe('rate slot: kept if a task may exist, free if certainly not', () => {
	/** An upload that takes `ms`. */
	const slow = (item: SubmissionTest, ms: number, verdict: Verdict) => async () => {
		await item.clock.sleep(ms);
		return verdict;
	};

	test.each([
		['accepted', accepted()],
		['uncertain', uncertain()],
	])('%s: keeps the slot for a window after the response', async (_, verdict) => {
		const item = new SubmissionTest();
		await item.submit([slow(item, 25_000, verdict)], { tasksPerMinute: 1 });
		expect(item.clock.now()).toBe(25_000);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
		await item.clock.advance(WINDOW_MS - 1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(1);
		await item.clock.advance(1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('refused: frees the slot immediately', async () => {
		const item = new SubmissionTest();
		await item.submit([slow(item, 25_000, refused())], { tasksPerMinute: 1 });
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test.each([
		['refused', refused()],
		['uncertain', uncertain()],
	])('%s and final: reports to the run while the slot is still taken, so that the run can stop the next item', async (kind, verdict) => {
		const item = new SubmissionTest();
		const taken: boolean[] = [];
		item.onOutcome = () => void taken.push(typeof item.scheduler.tryAcquire({ tasksPerMinute: 1 }) === 'number');
		await item.submit([verdict], { tasksPerMinute: 1 });
		expect([item.reported, taken]).toEqual([[kind], [true]]);
	});

	test('reports no outcome to the run while the item is retried', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(1_000), noConnection(), accepted()], { maxRetryMs: 60_000 });
		expect(item.reported).toEqual(['accepted']);
	});

	test.each([
		[0, [0, 5_000, 10_000]],
		[2, [0, 5_000, WINDOW_MS]],
		[1, [0, WINDOW_MS, 2 * WINDOW_MS]],
	])('uncertain and sent again (%i a minute): each request takes its own slot', async (tasksPerMinute, starts) => {
		const item = new SubmissionTest();
		await item.submit([uncertain(), uncertain(), uncertain()], { tasksPerMinute, onUnclearResponse: 'resubmit' });
		expect(item.sent.map(({ at }) => at)).toEqual(starts);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
	});

	test('uncertain, then refused: keeps the slot of the first request, since there may be a task', async () => {
		const item = new SubmissionTest();
		await item.submit([uncertain(), refused()], { onUnclearResponse: 'resubmit' });
		expect(item.clock.now()).toBe(5_000);
		expect([1, 2].map((tasksPerMinute) => item.waitMs({ tasksPerMinute }))).toEqual([WINDOW_MS - 5_000, 0]);
	});

	test('temporarily refused: takes no slot during the backoff, and another one when it is sent again', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([busy(30_000), accepted()], { tasksPerMinute: 1 });
		await item.clock.advance(29_999);
		expect(item.waitMs({ tasksPerMinute: 0 })).toBe(1);
		await item.clock.run(submitted);
		expect(item.sent.map(({ at }) => at)).toEqual([0, 30_000]);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
	});

	test('waits for its slot before it is sent', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		await item.submit([accepted()], { tasksPerMinute: 1 });
		expect(item.sent.map(({ at }) => at)).toEqual([WINDOW_MS]);
	});

	test('the ledger does not have "sending" while the item waits for its slot', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		const submitted = item.start([accepted()], { tasksPerMinute: 1 });
		await item.clock.advance(WINDOW_MS - 1);
		expect(item.entry).toBeUndefined();
		await item.clock.run(submitted);
		expect(item.entry).toHaveProperty('state', 'accepted');
	});

	test('the wait for a slot does not use up the retry budget', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		const outcome = await item.submit([busy(), accepted()], { tasksPerMinute: 1, maxRetryMs: 2_000 });
		expect(outcome.kind).toBe('accepted');
	});

	test('without a limit it does not wait, and counts for callers with a limit', async () => {
		const item = new SubmissionTest();
		item.acquireNow();
		await item.submit([accepted()], { tasksPerMinute: 0 });
		expect(item.clock.waits).toEqual([]);
		expect(item.waitMs({ tasksPerMinute: 2 })).toBe(WINDOW_MS);
	});
});

describe('parallel tasks', () => {
	const EARLIER: Entry = { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } };

	describe('if the node waits for the end of each task', () => {
		const open = () => Object.assign(new SubmissionTest(), { keepsParallel: true });

		test('an accepted task occupies a parallel task until it is released', async () => {
			const item = open();
			const outcome = await item.submit([accepted()], { parallelTasks: 1 });
			if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			outcome.ended();
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('a task of an earlier attempt occupies a parallel task until it is released', async () => {
			const item = Object.assign(new SubmissionTest(EARLIER), { keepsParallel: true });
			const outcome = await item.submit([], { parallelTasks: 1 });
			if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			outcome.ended();
			outcome.ended();
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('the next item waits until a task has ended', async () => {
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
		])('%s: there is no task to wait for, so its parallel task is released', async (_, verdict) => {
			const item = open();
			await item.submit([verdict], { parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('cancelled while it waits for its rate slot: releases the parallel task', async () => {
			const item = open();
			item.acquireNow();
			const submitted = item.start([], { parallelTasks: 1, tasksPerMinute: 1 });
			await item.clock.advance(1);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			item.cancel.abort();
			expect(await item.clock.run(submitted)).toEqual({ kind: 'cancelled' });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('returned because of the rate limit: releases the parallel task', async () => {
			const item = open();
			item.acquireNow();
			await item.submit([], { ...RETURN, parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('returned because of the parallel limit', async () => {
			const item = open();
			item.scheduler.addRunning();
			expect(await item.submit([], { ...RETURN, parallelTasks: 1 })).toHaveProperty('kind', 'notSubmitted');
			expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		});
	});

	describe('if the node does not wait for the end of a task', () => {
		test.each([
			['fresh', undefined, [accepted()]],
			['of an earlier attempt', EARLIER, []],
		])('a task occupies no parallel task: %s', async (_, entry, steps) => {
			const item = new SubmissionTest(entry);
			await item.submit(steps, { parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('does not wait for tasks to end', async () => {
			const item = new SubmissionTest();
			item.scheduler.addRunning();
			expect(await item.submit([accepted()], { parallelTasks: 1 })).toHaveProperty('kind', 'accepted');
		});
	});
});
