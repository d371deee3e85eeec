/** Waiting for tasks to end: one request for all, with an adaptive interval. */
import { getEventListeners } from 'node:events';
import { isSettled } from '../support/simulatedClock';
import { HOUR, stateOf, Watch } from '../support/watch';

describe('interval', () => {
	test('grows to a minute while nothing changes', async () => {
		const watch = new Watch();
		void watch.wait('a');
		await watch.clock.advance(400_000);
		const pauses = watch.times.map((at, n) => at - (watch.times[n - 1] ?? 0));
		expect(pauses.slice(0, 5)).toEqual([10_000, 15_000, 22_500, 33_750, 50_625]);
		expect(new Set(pauses.slice(5))).toEqual(new Set([60_000]));
	});

	test('does not grow while a submission waits for a task to end', async () => {
		const watch = new Watch();
		watch.urgent = true;
		void watch.wait('a');
		await watch.clock.advance(60_000);
		expect(watch.times).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
	});

	test('shrinks while a submission waits for a task to end, and grows otherwise', async () => {
		const watch = new Watch();
		void watch.wait('a');
		await watch.clock.advance(25_000);
		watch.urgent = true;
		await watch.clock.advance(42_500);
		watch.urgent = false;
		await watch.clock.advance(30_000);
		expect(watch.times).toEqual([10_000, 25_000, 47_500, 57_500, 67_500, 77_500, 92_500]);
	});

	test('resets when a task is added and when one ends', async () => {
		const watch = new Watch();
		void watch.wait('a');
		await watch.clock.advance(30_000);
		void watch.wait('b');
		await watch.clock.advance(10_000);
		watch.tasks.set('b', 'succeeded');
		await watch.clock.advance(25_000);
		expect(watch.times).toEqual([10_000, 25_000, 35_000, 50_000, 60_000]);
	});

	test('is the shortest one requested', async () => {
		const watch = new Watch();
		void watch.wait('a', { pollMs: 30_000 });
		void watch.wait('b', { pollMs: 5_000 });
		await watch.clock.advance(5_000);
		expect(watch.questions).toEqual([{ at: 5_000, taskIds: ['a', 'b'] }]);
	});
});

describe('jitter', () => {
	test('lengthens an interval by up to 10 %, never beyond a minute', async () => {
		const watch = Object.assign(new Watch(), { random: 1 });
		void watch.wait('a');
		await watch.clock.advance(400_000);
		const pauses = watch.times.map((at, n) => at - (watch.times[n - 1] ?? 0));
		expect(pauses.slice(0, 3)).toEqual([11_000, 16_500, 24_750]);
		expect(Math.max(...pauses)).toBe(60_000);
	});

	test('keeps an interval of more than a minute', async () => {
		const watch = new Watch();
		void watch.wait('a', { pollMs: 300_000 });
		await watch.clock.advance(700_000);
		expect(watch.times).toEqual([300_000, 600_000]);
	});
});

test.each([
	['short intervals', { pollMs: 10 }],
	['short waits', { maxWaitMs: 50 }],
])('one status request in two seconds, however many of %s hundred executions poll', async (_, more) => {
	const watch = new Watch();
	const waits: Array<Promise<unknown>> = [];
	for (let n = 0; n < 100; n++) {
		waits.push(watch.wait(`task-${n}`, { ...more, maxWaitMs: 20_000, ...more }));
		await watch.clock.advance(95);
	}
	await watch.clock.run(Promise.all(waits));
	const gaps = watch.times.slice(1).map((at, n) => at - (watch.times[n] ?? 0));
	expect(Math.min(...gaps)).toBe(2_000);
});

describe('a status request', () => {
	test('is one for all tasks, and names each task once', async () => {
		const watch = new Watch();
		const { signal } = new AbortController();
		const waits = [watch.wait('a', { signal }), watch.wait('b'), watch.wait('a')];
		watch.tasks.set('a', 'failed').set('b', 'succeeded');
		const waited = await watch.clock.run(Promise.all(waits));
		expect(waited.map(({ end, state }) => [end, state?.status])).toEqual([['ended', 'failed'], ['ended', 'succeeded'], ['ended', 'failed']]);
		expect(watch.questions).toEqual([{ at: 10_000, taskIds: ['a', 'b'] }]);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	test('that fails or throws is repeated', async () => {
		const watch = new Watch();
		const broken = async () => await Promise.reject(new Error('broken'));
		const waits = [watch.wait('a', { queryTasks: broken, maxWaitMs: 20_000 }), watch.wait('b')];
		watch.tasks.set('b', 'trouble');
		await watch.clock.advance(50_000);
		watch.tasks.set('b', 'rejected');
		expect(await watch.clock.run(Promise.all(waits))).toEqual([
			{ end: 'timedOut', state: undefined },
			{ end: 'ended', state: stateOf('b', 'rejected') },
		]);
	});

	test('stops when no one waits, and starts again', async () => {
		const watch = new Watch();
		watch.tasks.set('a', 'succeeded').set('b', 'succeeded');
		await watch.clock.run(watch.wait('a'));
		await watch.clock.advance(HOUR);
		expect(watch.clock.waiting).toBe(0);
		await watch.clock.run(watch.wait('b'));
		expect(watch.questions.map(({ taskIds }) => taskIds)).toEqual([['a'], ['b']]);
	});
});

describe('a wait', () => {
	test('times out on time, after a last status request, with the last known state', async () => {
		const watch = new Watch();
		const waits = [watch.wait('a', { maxWaitMs: 12_000 }), watch.wait('b')];
		expect(await watch.clock.run(waits[0] ?? Promise.reject(new Error('There is no wait')))).toEqual({
			end: 'timedOut',
			state: stateOf('a', 'processing'),
		});
		expect(watch.times).toEqual([10_000, 12_000]);
	});

	test('ends immediately when it is cancelled; others continue, and no listener is left', async () => {
		const watch = new Watch();
		const cancel = new AbortController();
		const cancelled = watch.wait('a', { signal: cancel.signal });
		const other = watch.wait('b');
		await watch.clock.advance(3_000);
		cancel.abort();
		expect(await isSettled(cancelled)).toBe(true);
		expect(await cancelled).toEqual({ end: 'cancelled', state: undefined });
		expect(await isSettled(other)).toBe(false);
		expect(getEventListeners(cancel.signal, 'abort')).toEqual([]);
	});

	test('cancelled before it begins sends no request', async () => {
		const watch = new Watch();
		expect(await watch.wait('a', { signal: AbortSignal.abort() })).toEqual({ end: 'cancelled' });
		expect(watch.clock.waits).toEqual([]);
	});
});
