/** Retries of one item, and items that are returned at a limit. */
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
		expect(item.backOffDelays).toEqual([2_000, 9_000]);
	});

	test('does not wait for a requested delay beyond the retry budget', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([busy(120_001)]);
		expect(outcome.kind).toBe('refused');
		expect(item.clock.now()).toBe(0);
	});

	test('the retry budget ends, although other items of the account are accepted meanwhile', async () => {
		const item = new SubmissionTest();
		const step = () => {
			item.acquireNow().release('accepted');
			return busy(20_000);
		};
		expect(await item.submit(times(10, () => step), { tasksPerMinute: 0, maxRetryMs: 60_000 })).toMatchObject({ kind: 'refused', reason: reasonOf('busy') });
		expect(startsOf(item)).toEqual([0, 20_000, 40_000, 60_000]);
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
	describe('When Limit Reached: Return Item Unsent', () => {
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

		test('busy after a request without a response: uncertain, not returned', async () => {
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
