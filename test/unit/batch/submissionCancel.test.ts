/** Cancelling ends the waiting at once, sends nothing more, and loses no task. */
import { isSettled } from '../support/simulatedClock';
import { SubmissionBench } from '../support/submissionBench';
import { accepted, busy, noConnection, problem, refused, uncertain } from '../support/verdicts';

test.each([1, 0])('cancelled before it begins (limit %i): nothing is sent', async (tasksPerMinute) => {
	const bench = new SubmissionBench();
	bench.cancel.abort();
	expect(await bench.submit([], { tasksPerMinute })).toEqual({ kind: 'cancelled' });
	expect(bench.entry).toBeUndefined();
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test('cancelled while the key is being claimed: nothing is sent, and the key is given back', async () => {
	const bench = new SubmissionBench();
	const claims = bench.claims();
	const claim = async () => {
		bench.cancel.abort();
		return await claims.claim();
	};
	expect(await bench.submit([], { ...claims, claim })).toEqual({ kind: 'cancelled' });
	expect(bench.events).toEqual(['claim', 'unclaim']);
});

test('cancelled while the key is being claimed: its place is free again', async () => {
	const bench = new SubmissionBench();
	const claim = async () => {
		bench.cancel.abort();
		return true;
	};
	expect(await bench.submit([], { claim, tasksPerMinute: 1 })).toEqual({ kind: 'cancelled' });
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test('cancelled while it waits for its place: nothing is sent', async () => {
	const bench = new SubmissionBench();
	bench.take();
	const submitted = bench.start([], { tasksPerMinute: 1 });
	await bench.clock.advance(5_000);
	bench.cancel.abort();
	expect(await isSettled(submitted)).toBe(true);
	expect(await submitted).toEqual({ kind: 'cancelled' });
	expect(bench.entry).toBeUndefined();
});

test('each request gets the signal, so that the upload can be ended', async () => {
	const bench = new SubmissionBench();
	await bench.submit([busy(), accepted()]);
	expect(bench.sent.map(({ signal }) => signal)).toEqual([bench.cancel.signal, bench.cancel.signal]);
});

test.each([
	['before the last byte', refused('broken off', { passing: 'noConnection' }), 'refused'],
	['after the last byte', uncertain('cut off'), 'uncertain'],
] as const)('cancelled during the upload, %s: not repeated, and the ledger says what is known', async (_, verdict, state) => {
	const bench = new SubmissionBench();
	const step = () => {
		bench.cancel.abort();
		return verdict;
	};
	const outcome = await bench.submit([step], { whenUncertain: 'resubmit' });
	expect(outcome).toMatchObject({ kind: state, problem: verdict.problem });
	expect(bench.entry).toHaveProperty('state', state);
	expect(bench.clock.waits).toEqual([]);
});

test('accepted in the moment of the cancel: the task comes out and is in the ledger', async () => {
	const bench = new SubmissionBench();
	const step = () => {
		bench.cancel.abort();
		return accepted('task-9');
	};
	expect(await bench.submit([step])).toMatchObject({ kind: 'accepted', taskId: 'task-9', fresh: true });
	expect(bench.ledger.acceptedTaskIds()).toEqual(['task-9']);
});

test.each([
	['busy', busy(90_000), 'refused'],
	['no connection', noConnection(), 'refused'],
	['uncertain', uncertain(), 'uncertain'],
] as const)('cancelled in the pause before a repetition (%s): it ends at once', async (_, verdict, kind) => {
	const bench = new SubmissionBench();
	const submitted = bench.start([verdict], { whenUncertain: 'resubmit' });
	await bench.clock.advance(500);
	bench.cancel.abort();
	expect(await isSettled(submitted)).toBe(true);
	expect(await submitted).toMatchObject({ kind, problem: verdict.problem });
	expect(bench.clock.now()).toBe(500);
});

test('cancelled in the pause after a refusal: the place and the key are given back', async () => {
	const bench = new SubmissionBench();
	const submitted = bench.start([busy(60_000)], { ...bench.claims(), tasksPerMinute: 1 });
	await bench.clock.advance(500);
	bench.cancel.abort();
	await bench.clock.run(submitted);
	expect(bench.events).toEqual(['claim', 'send', 'unclaim']);
	await bench.clock.advance(59_500);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test('what an earlier try settled comes out in a cancelled run too', async () => {
	const bench = new SubmissionBench({ state: 'uncertain', requestId: 'r', problem: problem('earlier') });
	bench.cancel.abort();
	expect(await bench.submit([])).toEqual({ kind: 'uncertain', requestId: 'r', problem: problem('earlier') });
});

describe('when nothing new is to start', () => {
	test('an item that waits for its place is not sent', async () => {
		const bench = new SubmissionBench();
		const stop = new AbortController();
		bench.stop = stop.signal;
		bench.take();
		const submitted = bench.start([], { ...bench.claims(), tasksPerMinute: 1 });
		await bench.clock.advance(5_000);
		stop.abort();
		expect(await isSettled(submitted)).toBe(true);
		expect(await submitted).toEqual({ kind: 'cancelled' });
		expect(bench.events).toEqual([]);
	});

	test('one that is under way goes on', async () => {
		const bench = new SubmissionBench();
		const stop = new AbortController();
		bench.stop = stop.signal;
		const step = () => {
			stop.abort();
			return accepted('task-3');
		};
		expect(await bench.submit([step])).toMatchObject({ kind: 'accepted', taskId: 'task-3' });
		expect(bench.sent.map(({ signal }) => signal?.aborted)).toEqual([false]);
	});

	test.each([
		['refused for now', busy(60_000), 'refused'],
		['without a connection', noConnection(), 'refused'],
		['uncertain', uncertain(), 'uncertain'],
	] as const)('one that was %s is not offered again, and its answer comes out at once', async (_, verdict, kind) => {
		const bench = new SubmissionBench();
		const stop = new AbortController();
		bench.stop = stop.signal;
		const submitted = bench.start([verdict], { whenUncertain: 'resubmit' });
		await bench.clock.advance(500);
		stop.abort();
		expect(await isSettled(submitted)).toBe(true);
		expect(await submitted).toMatchObject({ kind, problem: verdict.problem });
	});

	test('one that was refused in that very moment is not offered again', async () => {
		const bench = new SubmissionBench();
		const stop = new AbortController();
		bench.stop = stop.signal;
		const step = () => {
			stop.abort();
			return busy();
		};
		expect(await bench.submit([step])).toMatchObject({ kind: 'refused', problem: problem('busy') });
	});
});
