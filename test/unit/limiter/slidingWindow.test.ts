/** How many tasks count towards the minute, and until when: no clock here, the time is an argument. */
import { rateOf } from '../../../nodes/limiter/slidingWindow';
import { SlidingWindow } from '../../../nodes/limiter/slidingWindow';

const MINUTE = 60_000;

/** A window in which submissions were answered at these moments. */
function answered(...at: number[]): SlidingWindow {
	const rate = new SlidingWindow(MINUTE);
	for (const moment of at) {
		rate.reserve();
		rate.commit(moment);
	}
	return rate;
}

test.each([0.1, 1, 2, 1_000])('nothing submitted: there is room at once (limit %f)', (limit) => {
	expect(answered().waitFor(limit, 0)).toBe(0);
});

test('a submission counts from its start until a minute after its answer', () => {
	const rate = answered();
	rate.reserve();
	expect([0, 1_000_000].map((now) => rate.waitFor(1, now))).toEqual([Infinity, Infinity]);
	rate.commit(1_000_000);
	expect([1_000_000, 1_059_999, 1_060_000].map((now) => rate.waitFor(1, now))).toEqual([MINUTE, 1, 0]);
});

test('the window slides: each answer counts for its own minute', () => {
	const rate = answered(0, 20_000);
	expect([20_000, 59_999, 60_000].map((now) => rate.waitFor(2, now))).toEqual([40_000, 1, 0]);
	rate.reserve();
	rate.commit(60_000);
	expect(rate.waitFor(2, 60_000)).toBe(20_000);
});

test('a refusal frees its place at once, and no other', () => {
	const rate = answered(0);
	rate.reserve();
	expect(rate.waitFor(2, 10_000)).toBe(50_000);
	rate.cancel();
	expect(rate.waitFor(2, 10_000)).toBe(0);
	expect(rate.waitFor(1, 10_000)).toBe(50_000);
});

test('different limits at once: each waits until fewer than its own limit count', () => {
	const rate = answered(0, 10_000, 20_000);
	expect([4, 3, 2, 1].map((limit) => rate.waitFor(limit, 20_000))).toEqual([0, 40_000, 50_000, MINUTE]);
});

test('what is under way counts together with what was answered', () => {
	const rate = answered(0, 10_000);
	rate.reserve();
	expect([4, 3, 2, 1].map((limit) => rate.waitFor(limit, 10_000))).toEqual([0, 50_000, MINUTE, Infinity]);
});

test.each([
	[0.5, 2 * MINUTE],
	[0.25, 4 * MINUTE],
	[0.1, 10 * MINUTE],
])('a limit of %f means one task in %i ms', (limit, span) => {
	const rate = answered(0);
	expect([0, span - 1, span].map((now) => rate.waitFor(limit, now))).toEqual([span, 1, 0]);
});

test('a limit below 1 counts what is under way, too', () => {
	const rate = answered(0);
	rate.reserve();
	expect(rate.waitFor(0.5, 1_000_000)).toBe(Infinity);
});

test('a limit below 1 counts a submission that was let go long before anybody had such a limit', () => {
	const rate = answered(0);
	expect(rate.waitFor(2, 70_000)).toBe(0);
	expect(rate.waitFor(0.5, 70_000)).toBe(50_000);
});

test.each([0.7, 0.9, 1 / 3])('a limit of %f gives whole milliseconds, and never too few', (limit) => {
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
])('a limit of %f is %i tasks in %f minutes', (limit, tasks, minutes) => {
	expect(rateOf(limit, MINUTE)).toEqual({ tasks, windowMs: Math.ceil(minutes * MINUTE) });
});

test('a fraction fills its own window: three in two minutes, however old the first is', () => {
	const rate = answered(0, 0);
	expect([60_000, 90_000].map((now) => rate.waitFor(1.5, now))).toEqual([0, 0]);
	rate.reserve();
	rate.commit(70_000);
	expect([70_000, 119_999, 120_000].map((now) => rate.waitFor(1.5, now))).toEqual([50_000, 1, 0]);
});

test('is idle when nothing is in flight and the longest window that was asked for is over', () => {
	const rate = answered();
	expect(rate.isIdle(0)).toBe(true);
	rate.reserve();
	expect(rate.isIdle(1e9)).toBe(false);
	rate.commit(0);
	expect([MINUTE - 1, MINUTE].map((now) => rate.isIdle(now))).toEqual([false, true]);
	rate.waitFor(0.25, 0);
	expect([4 * MINUTE - 1, 4 * MINUTE].map((now) => rate.isIdle(now))).toEqual([false, true]);
});

test('nothing is kept for ever, however long the process lives and whatever limits it has seen', () => {
	const rate = answered();
	rate.waitFor(0.001, 0);
	for (let now = 0; now < 20_000 * 1_000; now += 1_000) {
		rate.reserve();
		rate.commit(now);
	}
	expect(JSON.stringify(rate).length).toBeLessThan(1_000);
});
