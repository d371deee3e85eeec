/** One item becomes at most one task, on any attempt and in any number of concurrent calls. */
import { Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import type { Submission } from '../../../nodes/submission/submission';
import { earlierOutcome, submitItem } from '../../../nodes/submission/submitItem';
import { isSettled } from '../support/simulatedClock';
import { SubmissionTest } from '../support/submissionTest';
import type { SubmissionStep } from '../support/submissionTest';
import { accepted, busy, reasonOf, refused, uncertain } from '../support/verdicts';

describe('ledger: pays for nothing twice, on any attempt', () => {
	const unwanted = {
		idempotencyKey: {
			begin: async () => await Promise.resolve(true),
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
	])('%s before, with Submit Again: the same request_id, unless another execution has submitted its key', async (_, entry) => {
		const again = { onUnclearResponse: 'resubmit', requestId: 'another' } as const;
		const item = new SubmissionTest(entry);
		const outcome = await item.submit([accepted()], { ...again, ...item.withKey('unresolved') });
		expect(outcome).toMatchObject({ kind: 'accepted', requestId: 'req-1', fresh: true });
		expect(item.sent.map(({ requestId }) => requestId)).toEqual(['req-1']);
		const later = new SubmissionTest(entry);
		expect(await later.submit([], { ...again, ...later.withKey('submitted') })).toEqual({ kind: 'alreadySubmitted', requestId: 'req-1' });
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

describe('the same item twice concurrently: one request, one task, one outcome', () => {
	/** Two concurrent submissions, the second of which sends no request, and the second one's outcome before it would send. */
	async function both(item: SubmissionTest, steps: SubmissionStep[], more: Partial<Submission> = {}) {
		const first = submitItem(item.submission(steps, more), item.tools);
		const second = submitItem(item.submission([], more), item.tools);
		return await item.clock.run(Promise.all([first, second]));
	}

	const slow = (item: SubmissionTest): SubmissionStep => async () => {
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
