/** Waiting for tasks to end: one request for all, with an adaptive interval. */
import { getEventListeners } from 'node:events';
import { isSettled } from '../support/simulatedClock';
import { HOUR, stateOf, PollerTest } from '../support/pollerTest';

describe('interval', () => {
	test('grows to a minute while nothing changes', async () => {
		const poller = new PollerTest();
		void poller.wait('a');
		await poller.clock.advance(400_000);
		const pauses = poller.times.map((at, n) => at - (poller.times[n - 1] ?? 0));
		expect(pauses.slice(0, 5)).toEqual([10_000, 15_000, 22_500, 33_750, 50_625]);
		expect(new Set(pauses.slice(5))).toEqual(new Set([60_000]));
	});

	test('shrinks while a submission waits for a task to end, and grows otherwise', async () => {
		const poller = new PollerTest();
		void poller.wait('a');
		await poller.clock.advance(25_000);
		poller.urgent = true;
		await poller.clock.advance(42_500);
		poller.urgent = false;
		await poller.clock.advance(30_000);
		expect(poller.times).toEqual([10_000, 25_000, 47_500, 57_500, 67_500, 77_500, 92_500]);
	});

	test('resets when a task is added and when one ends', async () => {
		const poller = new PollerTest();
		void poller.wait('a');
		await poller.clock.advance(30_000);
		void poller.wait('b');
		await poller.clock.advance(10_000);
		poller.tasks.set('b', 'succeeded');
		await poller.clock.advance(25_000);
		expect(poller.times).toEqual([10_000, 25_000, 35_000, 50_000, 60_000]);
	});

	test('is the shortest one requested', async () => {
		const poller = new PollerTest();
		void poller.wait('a', { pollMs: 30_000 });
		void poller.wait('b', { pollMs: 5_000 });
		await poller.clock.advance(5_000);
		expect(poller.statusRequests).toEqual([{ at: 5_000, taskIds: ['a', 'b'] }]);
	});
});

describe('jitter', () => {
	test('lengthens an interval by up to 10 %, never beyond a minute', async () => {
		const poller = Object.assign(new PollerTest(), { random: 1 });
		void poller.wait('a');
		await poller.clock.advance(400_000);
		const pauses = poller.times.map((at, n) => at - (poller.times[n - 1] ?? 0));
		expect(pauses.slice(0, 3)).toEqual([11_000, 16_500, 24_750]);
		expect(Math.max(...pauses)).toBe(60_000);
	});

	test('keeps an interval of more than a minute', async () => {
		const poller = new PollerTest();
		void poller.wait('a', { pollMs: 300_000 });
		await poller.clock.advance(700_000);
		expect(poller.times).toEqual([300_000, 600_000]);
	});
});

test.each([
	['short intervals', { pollMs: 10 }],
	['short waits', { maxWaitMs: 50 }],
])('one status request in two seconds, however many of %s hundred executions poll', async (_, more) => {
	const poller = new PollerTest();
	const waits: Array<Promise<unknown>> = [];
	for (let n = 0; n < 100; n++) {
		waits.push(poller.wait(`task-${n}`, { ...more, maxWaitMs: 20_000, ...more }));
		await poller.clock.advance(95);
	}
	await poller.clock.run(Promise.all(waits));
	const gaps = poller.times.slice(1).map((at, n) => at - (poller.times[n] ?? 0));
	expect(Math.min(...gaps)).toBe(2_000);
});

describe('a status request', () => {
	test('is one for all tasks, and names each task once', async () => {
		const poller = new PollerTest();
		const { signal } = new AbortController();
		const waits = [poller.wait('a', { signal }), poller.wait('b'), poller.wait('a')];
		poller.tasks.set('a', 'failed').set('b', 'succeeded');
		const waited = await poller.clock.run(Promise.all(waits));
		expect(waited.map(({ end, state }) => [end, state?.status])).toEqual([['ended', 'failed'], ['ended', 'succeeded'], ['ended', 'failed']]);
		expect(poller.statusRequests).toEqual([{ at: 10_000, taskIds: ['a', 'b'] }]);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	test('that fails or throws is repeated', async () => {
		const poller = new PollerTest();
		const broken = async () => await Promise.reject(new Error('broken'));
		const waits = [poller.wait('a', { queryTasks: broken, maxWaitMs: 20_000 }), poller.wait('b')];
		poller.tasks.set('b', 'trouble');
		await poller.clock.advance(50_000);
		poller.tasks.set('b', 'rejected');
		expect(await poller.clock.run(Promise.all(waits))).toEqual([
			{ end: 'timedOut', state: undefined },
			{ end: 'ended', state: stateOf('b', 'rejected') },
		]);
	});

	test('stops when no one waits, and starts again', async () => {
		const poller = new PollerTest();
		poller.tasks.set('a', 'succeeded').set('b', 'succeeded');
		await poller.clock.run(poller.wait('a'));
		await poller.clock.advance(HOUR);
		expect(poller.clock.waiting).toBe(0);
		await poller.clock.run(poller.wait('b'));
		expect(poller.statusRequests.map(({ taskIds }) => taskIds)).toEqual([['a'], ['b']]);
	});
});

describe('a wait', () => {
	test('times out on time, after a last status request, with the last known state', async () => {
		const poller = new PollerTest();
		const waits = [poller.wait('a', { maxWaitMs: 12_000 }), poller.wait('b')];
		expect(await poller.clock.run(waits[0] ?? Promise.reject(new Error('There is no wait')))).toEqual({
			end: 'timedOut',
			state: stateOf('a', 'processing'),
		});
		expect(poller.times).toEqual([10_000, 12_000]);
	});

	test('ends immediately when it is cancelled; others continue, and no listener is left', async () => {
		const poller = new PollerTest();
		const cancel = new AbortController();
		const cancelled = poller.wait('a', { signal: cancel.signal });
		const other = poller.wait('b');
		await poller.clock.advance(3_000);
		cancel.abort();
		expect(await isSettled(cancelled)).toBe(true);
		expect(await cancelled).toEqual({ end: 'cancelled', state: undefined });
		expect(await isSettled(other)).toBe(false);
		expect(getEventListeners(cancel.signal, 'abort')).toEqual([]);
	});

	test('cancelled before it begins sends no request', async () => {
		const poller = new PollerTest();
		expect(await poller.wait('a', { signal: AbortSignal.abort() })).toEqual({ end: 'cancelled' });
		expect(poller.clock.waits).toEqual([]);
	});
});
