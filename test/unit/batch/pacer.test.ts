/** The sliding window: at most so many tasks in any 60 seconds, wherever in its upload a task is made. */
import { Pacer } from '../../../nodes/batch/pacer';
import { settle, SimulatedClock } from '../support/simulatedClock';

const WINDOW = 60_000;

function open() {
	const clock = new SimulatedClock();
	return { clock, pacer: new Pacer(WINDOW, clock) };
}

/** Runs submissions that take these times, all asked for at once; gives when each started and was answered. */
async function runAll({ clock, pacer }: ReturnType<typeof open>, limit: number, durations: number[]) {
	const spans: Array<{ start: number; answered: number }> = [];
	const one = async (ms: number) => {
		const slot = await pacer.take(limit);
		const start = clock.now();
		await clock.wait(ms);
		slot?.answered();
		spans.push({ start, answered: clock.now() });
	};
	await clock.run(Promise.all(durations.map(one)));
	return spans.sort((a, b) => a.start - b.start);
}

test('two at once, the third when the window of the first is over', async () => {
	const spans = await runAll(open(), 2, [0, 0, 0, 0, 0]);
	expect(spans.map(({ start }) => start)).toEqual([0, 0, WINDOW, WINDOW, 2 * WINDOW]);
});

test('the window slides: it counts from each answer, not from the full minute', async () => {
	const { clock, pacer } = open();
	(await pacer.take(2))?.answered();
	await clock.advance(20_000);
	(await pacer.take(2))?.answered();
	expect(pacer.waitFor(2)).toBe(40_000);
	await clock.advance(40_000);
	(await pacer.take(2))?.answered();
	expect(pacer.waitFor(2)).toBe(20_000);
});

test('a slow upload holds its place until a window after its answer', async () => {
	const spans = await runAll(open(), 1, [300_000, 0]);
	expect(spans.map(({ start }) => start)).toEqual([0, 300_000 + WINDOW]);
});

test('a slow upload holds one place only', async () => {
	const spans = await runAll(open(), 2, [200_000, 0, 0, 0]);
	expect(spans.map(({ start }) => start)).toEqual([0, 0, WINDOW, 2 * WINDOW]);
});

test.each([1, 2, 3, 7])('limit %i: no window holds more, wherever each task is made, and no place is left idle', async (limit) => {
	const durations = Array.from({ length: 40 }, (_, n) => (n * 7919) % 90_000);
	const spans = await runAll(open(), limit, durations);
	expect(spans).toHaveLength(40);
	for (const { start } of spans) {
		const held = spans.filter((other) => other.start <= start && start < other.answered + WINDOW);
		expect(held.length).toBeLessThanOrEqual(limit);
	}
	for (const [n, { start }] of spans.entries()) {
		const freedThen = spans.some(({ answered }) => answered + WINDOW === start);
		expect(n < limit ? start === 0 : freedThen).toBe(true);
	}
});

test('a place that is given back is free at once', async () => {
	const { clock, pacer } = open();
	const slot = await pacer.take(1);
	const next = pacer.take(1);
	await clock.advance(1_234);
	slot?.giveBack();
	expect(await next).toBeDefined();
	expect(clock.now()).toBe(1_234);
});

test('an answer while somebody waits starts the window then', async () => {
	const { clock, pacer } = open();
	const slot = await pacer.take(1);
	const next = pacer.take(1);
	await clock.advance(50_000);
	slot?.answered();
	await clock.run(next);
	expect(clock.now()).toBe(110_000);
});

test('0 is no pacing, and counts for those who pace', async () => {
	const { clock, pacer } = open();
	for (let n = 0; n < 5; n++) (await pacer.take(0))?.answered();
	expect(clock.waits).toEqual([]);
	expect(pacer.waitFor(0)).toBe(0);
	expect(pacer.waitFor(5)).toBe(WINDOW);
	expect(pacer.waitFor(6)).toBe(0);
});

test('different limits: each waits until fewer than its own limit are taken', async () => {
	const { clock, pacer } = open();
	for (const at of [0, 10_000, 20_000]) {
		await clock.advance(at - clock.now());
		(await pacer.take(10))?.answered();
	}
	expect([4, 3, 2, 1].map((limit) => pacer.waitFor(limit))).toEqual([0, 40_000, 50_000, WINDOW]);
});

test.each([0.5, 1.5, 2.5])('a limit of %f is never exceeded', async (limit) => {
	const { clock, pacer } = open();
	let started = 0;
	for (let n = 0; n < 8; n++) void pacer.take(limit).then(() => (started += 1));
	await settle();
	expect(started).toBeLessThanOrEqual(Math.ceil(limit));
	expect(clock.now()).toBe(0);
});
