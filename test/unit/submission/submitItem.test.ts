/** One item becomes at most one task: the ledger, unresolved requests, cancelling, and every way an attempt may end. */
import { Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import type { Submission } from '../../../nodes/submission/submission';
import { earlierOutcome, submitItem } from '../../../nodes/submission/submitItem';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { isSettled } from '../support/simulatedClock';
import { SubmissionTest } from '../support/submissionTest';
import type { Step } from '../support/submissionTest';
import { accepted, badToken, busy, noConnection, inputProblem, reasonOf, refused, uncertain } from '../support/verdicts';

describe('ledger: pays for nothing twice, on any attempt', () => {
	const unwanted = {
		idempotencyKey: {
			begin: async () => undefined,
			claim: async () => await Promise.reject(new Error('The key was claimed again')),
			confirm: async () => undefined,
			keep: async () => undefined,
			release: async () => await Promise.reject(new Error('The key was released')),
			end: () => undefined,
		},
	};

	const ACCEPTED: Entry = { state: 'accepted', requestId: 'req-1', taskId: 'task-1', subTaskIds: ['a', 'b'], styleOptions: { style: 'anime', prompt: '' } };
	const SENDING: Entry = { state: 'sending', requestId: 'req-1' };
	const UNCERTAIN: Entry = { state: 'uncertain', requestId: 'req-1', reason: reasonOf('silence') };
	const REFUSED: Entry = { state: 'refused', requestId: 'req-1' };

	test.each(['fail', 'resubmit'] as const)('accepted before: outputs its task without a request (%s)', async (onUnclearResponse) => {
		const item = new SubmissionTest(ACCEPTED);
		const outcome = await item.submit([], { onUnclearResponse, ...unwanted });
		expect(outcome).toMatchObject({ kind: 'accepted', requestId: 'req-1', taskId: 'task-1', subTaskIds: ['a', 'b'], fresh: false });
		expect(item.entry).toEqual(ACCEPTED);
	});

	test('accepted before: takes no rate slot', async () => {
		const item = new SubmissionTest(ACCEPTED);
		await item.submit([]);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		expect(item.clock.waits).toEqual([]);
	});

	test('accepted in this attempt: the next attempt gets the same task without a request', async () => {
		const item = new SubmissionTest();
		const first = await item.submit([accepted('task-7')]);
		const task = { kind: 'accepted', requestId: item.sent[0]?.requestId, taskId: 'task-7', subTaskIds: ['task-7-sub'] };
		expect(first).toMatchObject({ ...task, fresh: true });
		expect(await item.submit([])).toMatchObject({ ...task, fresh: false });
	});

	test('interrupted while sending: uncertain, never sent again', async () => {
		const item = new SubmissionTest(SENDING);
		const outcome = await item.submit([], unwanted);
		expect(outcome).toMatchObject({ kind: 'uncertain', requestId: 'req-1' });
		expect(outcome).toHaveProperty('reason', { code: 'interrupted' });
		expect(item.entry).toEqual(SENDING);
	});

	test('uncertain before: reported with its own problem, never sent again', async () => {
		const item = new SubmissionTest(UNCERTAIN);
		const outcome = await item.submit([], unwanted);
		expect(outcome).toEqual({ kind: 'uncertain', requestId: 'req-1', reason: reasonOf('silence') });
		expect(item.entry).toEqual(UNCERTAIN);
	});

	test.each([
		['sending', SENDING],
		['uncertain', UNCERTAIN],
	])('%s before, with Submit Again: the same request_id, and no second claim', async (_, entry) => {
		const item = new SubmissionTest(entry);
		const outcome = await item.submit([accepted()], { onUnclearResponse: 'resubmit', requestId: 'another', ...unwanted });
		expect(outcome).toMatchObject({ kind: 'accepted', requestId: 'req-1', fresh: true });
		expect(item.sent.map(({ requestId }) => requestId)).toEqual(['req-1']);
	});

	test('refused before: sent again with the same request_id', async () => {
		const item = new SubmissionTest(REFUSED);
		const outcome = await item.submit([accepted()], { requestId: 'another' });
		expect(outcome).toMatchObject({ kind: 'accepted', requestId: 'req-1' });
		expect(item.sent.map(({ requestId }) => requestId)).toEqual(['req-1']);
	});

	test('uses the user\'s request_id', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([accepted()], { requestId: 'mine' });
		expect(outcome).toHaveProperty('requestId', 'mine');
		expect(item.sent[0]?.requestId).toBe('mine');
	});

	test('otherwise creates a UUID for each item, and records it in the ledger', async () => {
		const [one, two] = [new SubmissionTest(), new SubmissionTest()];
		await one.submit([accepted()]);
		await two.submit([accepted()]);
		const [first, second] = [one.sent[0]?.requestId, two.sent[0]?.requestId];
		expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(second).not.toBe(first);
		expect(one.entry).toHaveProperty('requestId', first);
	});

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

	test.each([ACCEPTED, SENDING, UNCERTAIN])('logs no request for a settled item: $state', async (entry) => {
		const item = new SubmissionTest(entry);
		await item.submit([]);
		expect(item.announced).toEqual([]);
	});

	describe('outcome of an earlier attempt', () => {
		const ask = (entry: Entry | undefined, onUnclearResponse: 'fail' | 'resubmit') => {
			const item = new SubmissionTest(entry);
			return earlierOutcome(item.submission([], { onUnclearResponse }), item.tools);
		};

		test.each(['fail', 'resubmit'] as const)('reports an accepted task without a request (%s)', (onUnclearResponse) => {
			expect(ask(ACCEPTED, onUnclearResponse)).toMatchObject({ kind: 'accepted', taskId: 'task-1', fresh: false });
		});

		test('reports an uncertain item without a request, except with Submit Again', () => {
			expect(ask(UNCERTAIN, 'fail')).toEqual({ kind: 'uncertain', requestId: 'req-1', reason: reasonOf('silence') });
			expect(ask(SENDING, 'fail')).toMatchObject({ kind: 'uncertain', requestId: 'req-1' });
			expect([UNCERTAIN, SENDING].map((entry) => ask(entry, 'resubmit'))).toEqual([undefined, undefined]);
		});

		test('submits what was refused or never sent', () => {
			expect([REFUSED, undefined].map((entry) => ask(entry, 'fail'))).toEqual([undefined, undefined]);
		});
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
		const look = () => {
			expect(item.entry).toEqual({ state: 'sending', requestId: 'r' });
			return accepted();
		};
		await item.submit([look], resubmit);
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

describe('the same item twice concurrently: one request, one task, one outcome', () => {
	/** Two concurrent submissions, the second of which sends no request, and the second one's outcome before it would send. */
	async function both(item: SubmissionTest, steps: Step[], more: Partial<Submission> = {}) {
		const first = submitItem(item.submission(steps, more), item.tools);
		const second = submitItem(item.submission([], more), item.tools);
		return await item.clock.run(Promise.all([first, second]));
	}

	const slow = (item: SubmissionTest): Step => async () => {
		await item.clock.sleep(20_000);
		return accepted('task-7');
	};

	test('both get one task', async () => {
		const item = new SubmissionTest();
		const [first, second] = await both(item, [slow(item)]);
		expect(first).toMatchObject({ kind: 'accepted', taskId: 'task-7' });
		expect(second).toEqual(first);
		expect(item.sent).toHaveLength(1);
		expect(item.announced).toHaveLength(1);
	});

	test.each([
		['refused', refused()],
		['uncertain', uncertain()],
	])('%s: one request, and both get its outcome', async (kind, verdict) => {
		const item = new SubmissionTest();
		const [first, second] = await both(item, [verdict]);
		expect(first.kind).toBe(kind);
		expect(second).toEqual(first);
		expect(item.sent).toHaveLength(1);
	});

	test.each([
		['while it waits for its slot', [accepted()], 1],
		['while it waits for a backoff', [busy(40_000), accepted()], 0],
		['during the upload', [async () => await new Promise<never>(() => undefined)], 0],
	] as const)('the second comes %s: its ledger entry is not taken for an earlier attempt', async (_, steps, othersTakeASlot) => {
		const item = new SubmissionTest();
		if (othersTakeASlot) item.acquireNow().release('accepted');
		const first = item.start([...steps], { tasksPerMinute: 1 });
		await item.clock.advance(10_000);
		expect(earlierOutcome(item.submission([]), item.tools)).toBeUndefined();
		expect(await isSettled(item.start([]))).toBe(false);
		expect(await isSettled(first)).toBe(false);
	});

	test('claims the key once, and releases it once', async () => {
		const item = new SubmissionTest();
		await both(item, [refused()], item.withKey());
		expect(item.events).toEqual(['claim', 'send', 'release']);
	});

	test('a slot that both release is one slot', async () => {
		const item = Object.assign(new SubmissionTest(), { keepsParallel: true });
		item.scheduler.addRunning();
		const outcomes = await both(item, [accepted()], { parallelTasks: 2 });
		for (const outcome of outcomes) if (outcome.kind === 'accepted') outcome.ended();
		expect([1, 2].map((parallelTasks) => item.waitMs({ parallelTasks }))).toEqual([Infinity, 0]);
	});

	test('afterwards the ledger decides: a later one gets the same task, or is sent again', async () => {
		const [paid, free] = [new SubmissionTest(), new SubmissionTest()];
		await paid.submit([accepted('task-7')]);
		expect(await paid.submit([])).toMatchObject({ taskId: 'task-7', fresh: false });
		await free.submit([refused()]);
		expect(await free.submit([accepted('task-8')])).toMatchObject({ taskId: 'task-8', fresh: true });
	});

	test('a submission that throws leaves no other waiting for it', async () => {
		const item = new SubmissionTest();
		const broken = async () => {
			throw new Error('broken');
		};
		const [first, second] = [item.start([broken]), item.start([])];
		expect(await first).toMatchObject({ kind: 'uncertain', reason: { code: 'nodeFailed', detail: expect.stringContaining('broken') } });
		expect(await second).toEqual(await first);
		expect(earlierOutcome(item.submission([]), item.tools)).toHaveProperty('kind', 'uncertain');
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(60_000);
	});

	test('another item, and the same item in another execution, is sent separately', async () => {
		const [item, other] = [new SubmissionTest(), new SubmissionTest()];
		const ledger = new Ledger({}, { runIndex: 0 });
		const started = [
			item.start([accepted('task-1')], { tasksPerMinute: 0 }),
			submitItem(item.submission([accepted('task-2')], { key: '0:1:print', tasksPerMinute: 0 }), item.tools),
			submitItem(other.submission([accepted('task-3')], { tasksPerMinute: 0 }), { ...other.tools, ledger }),
		];
		expect(await Promise.all(started)).toMatchObject([{ taskId: 'task-1' }, { taskId: 'task-2' }, { taskId: 'task-3' }]);
	});
});

describe('a cancel ends the wait, sends nothing more and loses no task', () => {
	test.each([1, 0])('cancelled before it begins (limit %i): sends nothing', async (tasksPerMinute) => {
		const item = new SubmissionTest();
		item.cancel.abort();
		expect(await item.submit([], { tasksPerMinute })).toEqual({ kind: 'cancelled' });
		expect(item.entry).toBeUndefined();
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('cancelled while it claims the key: sends nothing, and releases the key', async () => {
		const item = new SubmissionTest();
		const claim = async () => {
			item.cancel.abort();
			return await Promise.resolve('claimed' as const);
		};
		expect(await item.submit([], item.withKey('claimed', { claim }))).toEqual({ kind: 'cancelled' });
		expect(item.events).toEqual(['release']);
	});

	test('cancelled while it claims the key: releases its slot', async () => {
		const item = new SubmissionTest();
		const claim = async () => {
			item.cancel.abort();
			return await Promise.resolve('claimed' as const);
		};
		expect(await item.submit([], { ...item.withKey('claimed', { claim }), tasksPerMinute: 1 })).toEqual({ kind: 'cancelled' });
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('cancelled while it waits for its slot: sends nothing', async () => {
		const item = new SubmissionTest();
		item.acquireNow();
		const submitted = item.start([], { tasksPerMinute: 1 });
		await item.clock.advance(5_000);
		item.cancel.abort();
		expect(await isSettled(submitted)).toBe(true);
		expect(await submitted).toEqual({ kind: 'cancelled' });
		expect(item.entry).toBeUndefined();
	});

	test('each request gets the signal, so that the upload can be ended', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(), accepted()]);
		expect(item.sent.map(({ signal }) => signal)).toEqual([item.cancel.signal, item.cancel.signal]);
	});

	test.each([
		['before the last byte', refused('broken off', { retryReason: 'noConnection' }), 'refused'],
		['after the last byte', uncertain('cut off'), 'uncertain'],
	] as const)('cancelled during the upload, %s: not repeated, and the ledger has what is known', async (_, verdict, state) => {
		const item = new SubmissionTest();
		const step = () => {
			item.cancel.abort();
			return verdict;
		};
		const outcome = await item.submit([step], { onUnclearResponse: 'resubmit' });
		expect(outcome).toMatchObject({ kind: state, reason: verdict.reason });
		expect(item.entry).toHaveProperty('state', state);
		expect(item.clock.waits).toEqual([]);
	});

	test('accepted while it is cancelled: outputs the task, and the ledger has it', async () => {
		const item = new SubmissionTest();
		const step = () => {
			item.cancel.abort();
			return accepted('task-9');
		};
		expect(await item.submit([step])).toMatchObject({ kind: 'accepted', taskId: 'task-9', fresh: true });
		expect(item.ledger.acceptedTaskIds()).toEqual(['task-9']);
	});

	test.each([
		['busy', busy(90_000), 'refused'],
		['no connection', noConnection(), 'refused'],
		['uncertain', uncertain(), 'uncertain'],
	] as const)('cancelled in the delay before a repetition (%s): ends immediately', async (_, verdict, kind) => {
		const item = new SubmissionTest();
		const submitted = item.start([verdict], { onUnclearResponse: 'resubmit' });
		await item.clock.advance(500);
		item.cancel.abort();
		expect(await isSettled(submitted)).toBe(true);
		expect(await submitted).toMatchObject({ kind, reason: verdict.reason });
		expect(item.clock.now()).toBe(500);
	});

	test('cancelled during the backoff: releases the slot and the key', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([busy(60_000)], { ...item.withKey(), tasksPerMinute: 1 });
		await item.clock.advance(500);
		item.cancel.abort();
		await item.clock.run(submitted);
		expect(item.events).toEqual(['claim', 'send', 'release']);
		await item.clock.advance(59_500);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('outputs the outcome of an earlier attempt in a cancelled run too', async () => {
		const item = new SubmissionTest({ state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
		item.cancel.abort();
		expect(await item.submit([])).toEqual({ kind: 'uncertain', requestId: 'r', reason: reasonOf('earlier') });
	});

	describe('after the run has stopped new submissions', () => {
		test('does not send an item that waits for its slot', async () => {
			const item = new SubmissionTest();
			const stop = new AbortController();
			item.stop = stop.signal;
			item.acquireNow();
			const submitted = item.start([], { ...item.withKey(), tasksPerMinute: 1 });
			await item.clock.advance(5_000);
			stop.abort();
			expect(await isSettled(submitted)).toBe(true);
			expect(await submitted).toEqual({ kind: 'cancelled' });
			expect(item.events).toEqual([]);
		});

		test('continues a request in flight', async () => {
			const item = new SubmissionTest();
			const stop = new AbortController();
			item.stop = stop.signal;
			const step = () => {
				stop.abort();
				return accepted('task-3');
			};
			expect(await item.submit([step])).toMatchObject({ kind: 'accepted', taskId: 'task-3' });
			expect(item.sent.map(({ signal }) => signal?.aborted)).toEqual([false]);
		});

		test.each([
			['temporarily refused', busy(60_000), 'refused'],
			['without a connection', noConnection(), 'refused'],
			['uncertain', uncertain(), 'uncertain'],
		] as const)('does not retry an item that was %s, and outputs its response immediately', async (_, verdict, kind) => {
			const item = new SubmissionTest();
			const stop = new AbortController();
			item.stop = stop.signal;
			const submitted = item.start([verdict], { onUnclearResponse: 'resubmit' });
			await item.clock.advance(500);
			stop.abort();
			expect(await isSettled(submitted)).toBe(true);
			expect(await submitted).toMatchObject({ kind, reason: verdict.reason });
		});

		test('does not retry an item that is refused at the same time', async () => {
			const item = new SubmissionTest();
			const stop = new AbortController();
			item.stop = stop.signal;
			const step = () => {
				stop.abort();
				return busy();
			};
			expect(await item.submit([step])).toMatchObject({ kind: 'refused', reason: reasonOf('busy') });
		});
	});
});

describe('reports to the run before it releases the permit, and sends nothing after the end', () => {
	interface Exit {
		name: string;
		steps?: (item: SubmissionTest) => Step[];
		more?: (item: SubmissionTest) => Partial<Submission>;
		/** An earlier attempt left the item uncertain. */
		unresolved?: boolean;
		reported: string;
	}

	const throws = async (): Promise<never> => await Promise.reject(new Error('database is locked'));
	const always = (step: Step): Step[] => Array<Step>(60).fill(step);

	const RESPONSES = {
		accepted: accepted(),
		'refused and final': refused(),
		'no credits': refused('no credits', { fatal: true }),
		busy: busy(),
		'busy, Retry-After': busy(10_000),
		'busy, a long Retry-After': busy(7_200_000),
		'no connection': noConnection(),
		'bad token': badToken(),
		uncertain: uncertain(),
		'a throw': throws,
	} satisfies Record<string, Step>;

	const OPTIONS = {
		'the defaults': {},
		'no retry budget': { maxRetryMs: 0 },
		return: { whenLimitReached: 'return' },
		resubmit: { onUnclearResponse: 'resubmit' },
		'resubmit, no retry budget': { onUnclearResponse: 'resubmit', maxRetryMs: 0 },
		'a token to renew': { renewToken: () => undefined },
	} satisfies Record<string, Partial<Submission>>;

	const expectedOutcome = (response: keyof typeof RESPONSES, options: Partial<Submission>): string => {
		if (response === 'accepted') return 'accepted';
		if (response === 'uncertain' || response === 'a throw') return 'uncertain';
		return response.startsWith('busy') && options.whenLimitReached === 'return' ? 'notSubmitted' : 'refused';
	};

	const answered: Exit[] = Object.entries(RESPONSES).flatMap(([response, step]) =>
		Object.entries<Partial<Submission>>(OPTIONS).flatMap(([option, more]) =>
			[false, true].map((unresolved): Exit => {
				const reported = expectedOutcome(response as keyof typeof RESPONSES, more);
				return {
					name: `${response}, ${option}${unresolved ? ', after an unresolved request' : ''}`,
					steps: () => always(step),
					more: () => ({ ...more, ...(unresolved ? { onUnclearResponse: 'resubmit' } : {}) }),
					unresolved,
					reported: unresolved && reported !== 'accepted' ? 'uncertain' : reported,
				};
			}),
		),
	);

	const cancelling = (item: SubmissionTest, step: Step): Step => async (sent) => {
		item.cancel.abort();
		return typeof step === 'function' ? await step(sent) : step;
	};

	const others: Exit[] = [
		{ name: 'the key cannot be claimed', more: (item) => item.withKey('claimed', { claim: throws }), reported: 'refused' },
		{ name: 'the key is claimed already', more: (item) => item.withKey('submitted'), reported: 'alreadySubmitted' },
		{ name: 'the key is unresolved', more: (item) => item.withKey('unresolved'), reported: 'uncertain' },
		{ name: 'the claim does not end', more: (item) => item.withKey('claimed', { claim: async () => await new Promise<never>(() => undefined) }), reported: 'refused' },
		{ name: 'invalid by now', more: () => ({ recheck: () => inputProblem('expired') }), reported: 'refused' },
		{
			name: 'a recheck that throws',
			more: () => ({
				recheck: () => {
					throw new Error('odd');
				},
			}),
			reported: 'uncertain',
		},
		{
			name: 'cancelled while the key is claimed',
			more: (item) =>
				item.withKey('claimed', {
					claim: async () => {
						item.cancel.abort();
						return await Promise.resolve('claimed' as const);
					},
				}),
			reported: 'cancelled',
		},
		...[refused(), busy(), busy(7_200_000), noConnection()].map((step): Exit => ({ name: `cancelled during ${step.retryReason ?? 'a final'} refusal`, steps: (item) => [cancelling(item, step)], reported: 'refused' })),
		{ name: 'cancelled, then uncertain', steps: (item) => [cancelling(item, uncertain())], reported: 'uncertain' },
		{ name: 'cancelled, then accepted', steps: (item) => [cancelling(item, accepted())], reported: 'accepted' },
	];

	test.each([...answered, ...others])('$name', async ({ steps, more, unresolved, reported }) => {
		const item = new SubmissionTest(unresolved ? { state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') } : undefined);
		item.keepsParallel = true;
		const events: string[] = [];
		const { scheduler } = item;
		for (const method of ['acquire', 'tryAcquire'] as const) {
			const given = scheduler[method].bind(scheduler) as (...args: unknown[]) => unknown;
			Object.assign(scheduler, {
				[method]: (...args: unknown[]) => {
					const note = (permit: unknown) => {
						if (typeof permit !== 'object' || permit === null || !('release' in permit)) {
							events.push('no permit');
							return permit;
						}
						const { release, ...rest } = permit as { release: (kind: string) => void };
						events.push('acquired');
						return { ...rest, release: (kind: string) => (events.push('released'), release(kind)) };
					};
					const permit = given(...args);
					return permit instanceof Promise ? permit.then(note) : note(permit);
				},
			});
		}
		item.onOutcome = () => void events.push('reported');
		const outcome = await item.submit(steps?.(item) ?? [], { parallelTasks: 1, tasksPerMinute: 0, ...more?.(item) });
		expect([outcome.kind, item.reported]).toEqual([reported, [reported]]);
		// Each attempt except the last one is retried; the last one reports before it releases, unless it got no permit.
		expect(events.join()).toMatch(/^(acquired,released,)*(acquired,reported,released|no permit,reported)$/);
		if (outcome.kind === 'accepted') outcome.ended();
		await item.clock.advance(24 * 3_600_000);
		expect(scheduler.isIdle).toBe(true);
	});
});
