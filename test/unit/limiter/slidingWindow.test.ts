/** How many tasks count for the last minute, and until when. It has no clock: the time is an argument. */
import { rateOf } from '../../../nodes/limiter/slidingWindow';
import { SlidingWindow } from '../../../nodes/limiter/slidingWindow';

const MINUTE = 60_000;

/** A window whose submissions were settled at these times. */
function answered(...at: number[]): SlidingWindow {
	const rate = new SlidingWindow(MINUTE);
	for (const moment of at) {
		rate.reserve();
		rate.commit(moment);
	}
	return rate;
}

test.each([0.1, 1, 2, 1_000])('has room immediately when nothing was submitted (limit %f)', (limit) => {
	expect(answered().waitFor(limit, 0)).toBe(0);
});

test('a submission counts from its start until a minute after its response', () => {
	const rate = answered();
	rate.reserve();
	expect([0, 1_000_000].map((now) => rate.waitFor(1, now))).toEqual([Infinity, Infinity]);
	rate.commit(1_000_000);
	expect([1_000_000, 1_059_999, 1_060_000].map((now) => rate.waitFor(1, now))).toEqual([MINUTE, 1, 0]);
});

test('the window slides: each response counts for its own minute', () => {
	const rate = answered(0, 20_000);
	expect([20_000, 59_999, 60_000].map((now) => rate.waitFor(2, now))).toEqual([40_000, 1, 0]);
	rate.reserve();
	rate.commit(60_000);
	expect(rate.waitFor(2, 60_000)).toBe(20_000);
});

test('a refusal frees only its own slot, immediately', () => {
	const rate = answered(0);
	rate.reserve();
	expect(rate.waitFor(2, 10_000)).toBe(50_000);
	rate.cancel();
	expect(rate.waitFor(2, 10_000)).toBe(0);
	expect(rate.waitFor(1, 10_000)).toBe(50_000);
});

test('different limits at the same time: each waits until fewer than its own limit count', () => {
	const rate = answered(0, 10_000, 20_000);
	expect([4, 3, 2, 1].map((limit) => rate.waitFor(limit, 20_000))).toEqual([0, 40_000, 50_000, MINUTE]);
});

test('submissions in flight count together with settled ones', () => {
	const rate = answered(0, 10_000);
	rate.reserve();
	expect([4, 3, 2, 1].map((limit) => rate.waitFor(limit, 10_000))).toEqual([0, 50_000, MINUTE, Infinity]);
});

test.each([
	[0.5, 2 * MINUTE],
	[0.25, 4 * MINUTE],
	[0.1, 10 * MINUTE],
])('a limit of %f means one task per %i ms', (limit, span) => {
	const rate = answered(0);
	expect([0, span - 1, span].map((now) => rate.waitFor(limit, now))).toEqual([span, 1, 0]);
});

test('a limit below 1 also counts submissions in flight', () => {
	const rate = answered(0);
	rate.reserve();
	expect(rate.waitFor(0.5, 1_000_000)).toBe(Infinity);
});

test('a limit below 1 counts a submission that started before this limit was used', () => {
	const rate = answered(0);
	expect(rate.waitFor(2, 70_000)).toBe(0);
	expect(rate.waitFor(0.5, 70_000)).toBe(50_000);
});

test.each([0.7, 0.9, 1 / 3])('a limit of %f gives whole milliseconds, rounded up', (limit) => {
	const ms = answered(0).waitFor(limit, 0);
	expect(Number.isInteger(ms)).toBe(true);
	expect(ms).toBeGreaterThanOrEqual(MINUTE / limit);
});

test.each([
	[1, 1, 1],
	[2, 2, 1],
	[100, 100, 1],
	[1.5, 3, 2],
	[2.5, 5, 2],
	[1.25, 5, 4],
	[4 / 3, 4, 3],
	[1.2, 6, 5],
	[0.5, 1, 2],
	[0.75, 1, 4 / 3],
	[1.37, 1, 1 / 1.37],
	[2.999, 2, 2 / 2.999],
	[33.5, 33, 33 / 33.5],
])('a limit of %f means %i tasks in %f minutes', (limit, tasks, minutes) => {
	expect(rateOf(limit, MINUTE)).toEqual({ tasks, windowMs: Math.ceil(minutes * MINUTE) });
});

test('a fractional limit uses its own window: three in two minutes, however old the first is', () => {
	const rate = answered(0, 0);
	expect([60_000, 90_000].map((now) => rate.waitFor(1.5, now))).toEqual([0, 0]);
	rate.reserve();
	rate.commit(70_000);
	expect([70_000, 119_999, 120_000].map((now) => rate.waitFor(1.5, now))).toEqual([50_000, 1, 0]);
});

test('is idle when nothing is in flight and the longest window used is over', () => {
	const rate = answered();
	expect(rate.isIdle(0)).toBe(true);
	rate.reserve();
	expect(rate.isIdle(1e9)).toBe(false);
	rate.commit(0);
	expect([MINUTE - 1, MINUTE].map((now) => rate.isIdle(now))).toEqual([false, true]);
	rate.waitFor(0.25, 0);
	expect([4 * MINUTE - 1, 4 * MINUTE].map((now) => rate.isIdle(now))).toEqual([false, true]);
});

test('keeps no entry forever, however long the process lives and whatever limits were used', () => {
	const rate = answered();
	rate.waitFor(0.001, 0);
	for (let now = 0; now < 20_000 * 1_000; now += 1_000) {
		rate.reserve();
		rate.commit(now);
	}
	expect(JSON.stringify(rate).length).toBeLessThan(1_000);
});
