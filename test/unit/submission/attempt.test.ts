/** One attempt: the ledger before and after its request, unresolved requests, and errors of the node. */
import type { Verdict } from '../../../nodes/hidream/verdict';
import { submitItem } from '../../../nodes/submission/submitItem';
import { SubmissionTest } from '../support/submissionTest';
import { accepted, badToken, busy, inputProblem, noConnection, reasonOf, refused, uncertain } from '../support/verdicts';

test('the ledger has "sending" before each request is sent', async () => {
	const item = new SubmissionTest();
	await item.submit([refused('for now', { retryReason: 'busy' }), accepted()], { requestId: 'mine' });
	expect(item.sent.map(({ entry }) => entry)).toEqual([
		{ state: 'sending', requestId: 'mine' },
		{ state: 'sending', requestId: 'mine' },
	]);
});

test.each([
	['accepted', accepted(), { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: ['task-1-sub'], styleOptions: { style: 'anime', prompt: '' } }],
	['refused', refused(), { state: 'refused', requestId: 'r' }],
	['uncertain', uncertain(), { state: 'uncertain', requestId: 'r', reason: reasonOf('no answer') }],
])('the ledger keeps an outcome: %s', async (_, verdict, entry) => {
	const item = new SubmissionTest();
	await item.submit([verdict], { requestId: 'r' });
	expect(item.entry).toEqual(entry);
});

test('logs each request just before it is sent, after the ledger has it', async () => {
	const item = new SubmissionTest();
	await item.submit([busy(), noConnection(), accepted()], { requestId: 'mine' });
	const expected = [0, 1, 2].map((sentBefore) => ({ requestId: 'mine', state: 'sending', sentBefore }));
	expect(item.announced).toEqual(expected);
});

describe('an error of the node', () => {
	const broken = (): never => {
		throw new Error('odd');
	};
	const failed = { kind: 'refused', requestId: 'r', reason: { code: 'notSent', detail: 'odd' } } as const;

	test('before the key is claimed: refused, and the key is left alone', async () => {
		const item = new SubmissionTest();
		expect(await item.submit([], { ...item.withKey(), recheck: broken, requestId: 'r' })).toEqual(failed);
		expect(item.events).toEqual([]);
		expect([item.entry, item.waitMs({ tasksPerMinute: 1 })]).toEqual([undefined, 0]);
	});

	test('between the claim and the request: refused, and the key is free', async () => {
		const item = new SubmissionTest();
		const submission = item.submission([], { ...item.withKey(), requestId: 'r' });
		expect(await submitItem(submission, { ...item.tools, onSend: broken })).toEqual(failed);
		expect(item.events).toEqual(['claim', 'release']);
		expect(item.entry).toEqual({ state: 'refused', requestId: 'r' });
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('during the request: uncertain, and the key stays claimed', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([broken], { ...item.withKey(), requestId: 'r' });
		expect(outcome).toEqual({ kind: 'uncertain', requestId: 'r', reason: { code: 'nodeFailed', detail: 'odd' } });
		expect(item.events).toEqual(['claim', 'send', 'keep']);
		expect(item.entry).toHaveProperty('state', 'sending');
	});

	test.each([
		['before the request', { recheck: broken }, {}],
		['between the claim and the request', {}, { onSend: broken }],
	])('%s, after an unresolved request: still uncertain, and the key stays claimed', async (_, more, tools) => {
		const item = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		const submission = item.submission([], { ...item.withKey(), onUnclearResponse: 'resubmit', ...more });
		expect(await submitItem(submission, { ...item.tools, ...tools })).toEqual({ kind: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		expect(item.events).not.toContain('release');
		expect(item.entry).toMatchObject({ state: 'uncertain', reason: reasonOf('earlier') });
	});
});

describe('an unresolved request stays unresolved until a task is accepted', () => {
	const resubmit = { onUnclearResponse: 'resubmit', requestId: 'r' } as const;

	/** The largest possible retry budget. */
	const always = (refusal: () => Verdict): Verdict[] => Array.from({ length: 50 }, refusal);

	test('by default, reports an uncertain request and does not repeat it', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([uncertain()], { requestId: 'r' });
		expect(outcome).toEqual({ kind: 'uncertain', requestId: 'r', reason: reasonOf('no answer') });
		expect(item.clock.waits).toEqual([]);
	});

	test('temporarily refused, then no response: uncertain, not repeated', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([busy(), uncertain()]);
		expect(outcome).toMatchObject({ kind: 'uncertain', reason: reasonOf('no answer') });
		expect(item.sent).toHaveLength(2);
	});

	test('Submit Again: two more attempts, five seconds apart, with the same request_id', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([uncertain('one'), uncertain('two'), uncertain('three')], { ...resubmit, tasksPerMinute: 0 });
		expect(outcome).toEqual({ kind: 'uncertain', requestId: 'r', reason: reasonOf('three') });
		expect(item.sent.map(({ at, requestId }) => [at, requestId])).toEqual([[0, 'r'], [5_000, 'r'], [10_000, 'r']]);
	});

	test('Submit Again: not if the response mentions a task, whose ID would be lost', async () => {
		const reason = { code: 'refusedWithTask', httpStatus: 200, vendorCode: 2001, taskId: 'task-1' } as const;
		const item = new SubmissionTest();
		expect(await item.submit([{ kind: 'uncertain', reason }], resubmit)).toMatchObject({ kind: 'uncertain', reason });
		expect(item.ledger.unclearRequests()).toEqual([{ requestId: 'r', taskId: 'task-1' }]);
		const later = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason });
		expect(await later.submit([], resubmit)).toMatchObject({ kind: 'uncertain', reason });
		expect(later.sent).toEqual([]);
	});

	test('Submit Again, then accepted', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([uncertain(), accepted('task-2')], resubmit);
		expect(outcome).toMatchObject({ kind: 'accepted', taskId: 'task-2', fresh: true });
		expect(item.entry).toMatchObject({ state: 'accepted', taskId: 'task-2' });
	});

	test.each([
		['a final refusal', () => refused('forbidden')],
		['busy', () => busy()],
		['no connection', noConnection],
		['a bad token', badToken],
		['no credits', () => refused('no credits', { fatal: true })],
	])('no response, then %s on every repetition: still uncertain', async (_, refusal) => {
		const item = new SubmissionTest();
		const steps = [uncertain('the first'), ...always(refusal)];
		const outcome = await item.submit(steps, { ...resubmit, renewToken: () => undefined });
		expect(outcome).toMatchObject({ kind: 'uncertain', requestId: 'r', reason: reasonOf('the first') });
		expect(item.entry).toEqual({ state: 'uncertain', requestId: 'r', reason: reasonOf('the first') });
	});

	test('an uncertain item of an earlier attempt stays uncertain when its repetition is refused', async () => {
		const item = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		const outcome = await item.submit(always(refused), resubmit);
		expect(outcome).toEqual({ kind: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		expect(item.entry).toMatchObject({ state: 'uncertain', reason: reasonOf('earlier') });
	});

	test('an interrupted attempt stays uncertain when its repetition is refused', async () => {
		const item = new SubmissionTest({ state: 'sending', requestId: 'r' });
		const outcome = await item.submit(always(refused), resubmit);
		expect(outcome).toMatchObject({ kind: 'uncertain', requestId: 'r' });
		expect(outcome).toHaveProperty('reason', { code: 'interrupted' });
		expect(item.entry).toHaveProperty('state', 'uncertain');
	});

	test('renews a token that expires between two requests, also if the first is unresolved', async () => {
		const item = new SubmissionTest();
		const renewToken = jest.fn();
		const outcome = await item.submit([uncertain(), badToken(), accepted()], { ...resubmit, renewToken });
		expect(outcome.kind).toBe('accepted');
		expect(renewToken).toHaveBeenCalledTimes(1);
	});

	test('a crash before the second response leaves an entry that counts as uncertain', async () => {
		const item = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		const check = () => {
			expect(item.entry).toEqual({ state: 'sending', requestId: 'r' });
			return accepted();
		};
		await item.submit([check], resubmit);
		expect(item.sent).toHaveLength(1);
	});

	test.each([
		['in this attempt', undefined, [uncertain(), badToken(), badToken()]],
		['in an earlier attempt', { state: 'sending', requestId: 'r' } as const, [badToken(), badToken(), badToken()]],
	])('renews a token once for an unresolved request (%s), too', async (_, entry, steps) => {
		const item = new SubmissionTest(entry);
		const renewToken = jest.fn();
		await item.submit(steps, { ...resubmit, renewToken });
		expect(renewToken).toHaveBeenCalledTimes(1);
	});

	test('retries a 429 of the second attempt until the retry budget is used up', async () => {
		const item = new SubmissionTest();
		const steps = [uncertain(), busy(20_000), busy(), busy(), busy(), accepted('task-2')];
		expect(await item.submit(steps, { ...resubmit, tasksPerMinute: 0 })).toMatchObject({ kind: 'accepted', taskId: 'task-2' });
		expect(item.sent.map(({ at }) => at)).toEqual([0, 5_000, 25_000, 29_000, 37_000, 53_000]);
	});

	test('retries a second attempt that got no connection', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([uncertain(), ...always(noConnection).slice(0, 4)], { ...resubmit, tasksPerMinute: 0 });
		expect(outcome.kind).toBe('uncertain');
		expect(item.sent.map(({ at }) => at)).toEqual([0, 5_000, 6_000, 8_000, 12_000]);
	});

	test('does not repeat a final refusal of the repetition', async () => {
		const item = new SubmissionTest();
		await item.submit([uncertain(), refused()], resubmit);
		expect(item.sent).toHaveLength(2);
	});

	test('no credits for the repetition: the item is uncertain, and the run ends', async () => {
		const item = new SubmissionTest();
		expect(await item.submit([uncertain(), refused('no credits', { fatal: true })], resubmit)).toMatchObject({ kind: 'uncertain', fatal: true });
	});

	test.each([
		['cancelled', (item: SubmissionTest) => item.cancel.abort(), {}],
		['no longer wanted', (item: SubmissionTest) => (item.stop = AbortSignal.abort()), {}],
		['returned because of a limit', (item: SubmissionTest) => item.acquireNow(), { whenLimitReached: 'return', tasksPerMinute: 1 }],
		['invalid by now', () => undefined, { recheck: () => inputProblem('expired') }],
	] as const)('an unresolved request of an earlier attempt stays uncertain when its repetition is %s', async (_, before, more) => {
		const item = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		before(item);
		expect(await item.submit([], { ...resubmit, ...more })).toEqual({ kind: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		expect(item.sent).toEqual([]);
	});

	test('cancelled while a repetition waits for its slot: uncertain', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([uncertain()], { ...resubmit, tasksPerMinute: 1 });
		await item.clock.advance(10_000);
		item.cancel.abort();
		expect(await item.clock.run(submitted)).toMatchObject({ kind: 'uncertain', reason: reasonOf('no answer') });
		expect(item.entry).toHaveProperty('state', 'uncertain');
	});
});
