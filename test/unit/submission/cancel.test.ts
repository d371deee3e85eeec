/** Cancelling a submission, or ending its run, at each step. */
import { isSettled } from '../support/simulatedClock';
import { SubmissionTest } from '../support/submissionTest';
import { accepted, busy, noConnection, reasonOf, refused, uncertain } from '../support/verdicts';

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

	test('cancelled while it claims an unresolved key: sends nothing, and the key stays claimed', async () => {
		const item = new SubmissionTest();
		const claim = async () => {
			item.cancel.abort();
			return await Promise.resolve('unresolved' as const);
		};
		const options = { ...item.withKey('unresolved', { claim }), onUnclearResponse: 'resubmit' as const };
		expect(await item.submit([], options)).toMatchObject({ kind: 'uncertain' });
		expect(item.events).not.toContain('release');
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
