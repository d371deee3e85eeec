/** Those who wait: first come, first served, also when some of them give up; and nobody looks again and again. */
import { getEventListeners } from 'node:events';
import { Pacer } from '../../../nodes/batch/pacer';
import { isSettled, settle, SimulatedClock } from '../support/simulatedClock';

const WINDOW = 60_000;

function open() {
	const clock = new SimulatedClock();
	const pacer = new Pacer(WINDOW, clock);
	const order: string[] = [];
	/** An execution that asks for a place, submits at once, and notes its name and the time. */
	const ask = async (name: string, limit = 1, signal?: AbortSignal) => {
		const slot = await pacer.take(limit, signal);
		order.push(`${name}@${slot ? clock.now() : 'cancelled'}`);
		slot?.answered();
	};
	return { clock, pacer, order, ask };
}

test('first come, first served, between executions', async () => {
	const { clock, order, ask } = open();
	await clock.run(Promise.all(['a', 'b', 'c', 'd'].map(async (name) => await ask(name))));
	expect(order).toEqual(['a@0', 'b@60000', 'c@120000', 'd@180000']);
});

test('one with a higher limit does not overtake one with a lower limit', async () => {
	const { clock, order, ask } = open();
	await ask('first');
	await clock.run(Promise.all([ask('low', 1), ask('high', 5)]));
	expect(order).toEqual(['first@0', 'low@60000', 'high@60000']);
});

test('cancelled while queueing: it leaves at once, and nobody behind it passes early', async () => {
	const { clock, order, ask } = open();
	const cancel = new AbortController();
	await ask('a');
	const [b, c, d] = [ask('b'), ask('c', 1, cancel.signal), ask('d')];
	await clock.advance(10_000);
	cancel.abort();
	expect(await isSettled(c)).toBe(true);
	await clock.run(Promise.all([b, c, d]));
	expect(order).toEqual(['a@0', 'c@cancelled', 'b@60000', 'd@120000']);
});

test('cancelled while queueing: one behind it whose limit is higher does not overtake those before', async () => {
	const { clock, order, ask } = open();
	const cancel = new AbortController();
	await ask('a');
	const waiting = [ask('b'), ask('c', 1, cancel.signal), ask('d', 5)];
	cancel.abort();
	await clock.run(Promise.all(waiting));
	expect(order).toEqual(['a@0', 'c@cancelled', 'b@60000', 'd@60000']);
});

test('cancelled at the head of the queue: the next one takes its turn, no earlier and no later', async () => {
	const { clock, order, ask } = open();
	const cancel = new AbortController();
	await ask('a');
	const waiting = [ask('b', 1, cancel.signal), ask('c'), ask('d')];
	await clock.advance(10_000);
	cancel.abort();
	await clock.run(Promise.all(waiting));
	expect(order).toEqual(['a@0', 'b@cancelled', 'c@60000', 'd@120000']);
});

test('all who queue cancel: the pacer works on', async () => {
	const { clock, order, ask } = open();
	const cancel = new AbortController();
	await ask('a');
	const waiting = [ask('b', 1, cancel.signal), ask('c', 1, cancel.signal)];
	cancel.abort();
	await clock.run(Promise.all(waiting));
	await clock.run(ask('d'));
	expect(order.slice(-1)).toEqual(['d@60000']);
});

test('cancelled before it asks: no place, and no waiting for its turn', async () => {
	const { pacer, ask } = open();
	await ask('a');
	void ask('b');
	const late = pacer.take(1, AbortSignal.abort());
	expect(await isSettled(late)).toBe(true);
	expect(await late).toBeUndefined();
});

test.each([1, 0])('cancelled before it asks (limit %i): no place is taken', async (limit) => {
	const { pacer } = open();
	expect(await pacer.take(limit, AbortSignal.abort())).toBeUndefined();
	expect(pacer.waitFor(1)).toBe(0);
});

test('one waits for the clock at a time, once for each place', async () => {
	const { clock, ask } = open();
	await clock.run(Promise.all(Array.from({ length: 50 }, async (_, n) => await ask(String(n)))));
	expect(clock.waits).toEqual(Array<number>(49).fill(WINDOW));
});

test('while an upload takes an hour, it is looked for once a minute', async () => {
	const { clock, pacer, ask } = open();
	await pacer.take(1);
	void ask('a');
	await clock.advance(60 * WINDOW);
	expect(clock.waits.length).toBeGreaterThan(0);
	expect(clock.waits.length).toBeLessThanOrEqual(61);
});

test('each change is looked at once', async () => {
	const { clock, pacer, ask } = open();
	const slots = [await pacer.take(0), await pacer.take(0), await pacer.take(0)];
	void ask('a');
	await settle();
	for (const slot of slots) {
		slot?.answered();
		await settle();
	}
	expect(clock.waits).toHaveLength(4);
});

test('a long run leaves no listeners on its signal', async () => {
	const { clock, ask } = open();
	const { signal } = new AbortController();
	await clock.run(Promise.all(Array.from({ length: 12 }, async (_, n) => await ask(String(n), 4, signal))));
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});
