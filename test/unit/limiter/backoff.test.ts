/** How long an account backs off after temporary refusals. It has no clock: the time is an argument. */
import { Backoff } from '../../../nodes/limiter/backoff';

const PLENTY = 1e9;

/** A submission that is refused at the time of its permit, by default. */
function refuse(
	backoff: Backoff,
	now: number,
	{ startedAt = now, budgetMs = PLENTY, retryAfterMs }: { startedAt?: number; budgetMs?: number; retryAfterMs?: number } = {},
): number | undefined {
	const { ms, overBudget } = backoff.refused({ reason: 'busy', retryAfterMs, maxRetryMs: budgetMs }, startedAt, now);
	return overBudget ? undefined : ms;
}

/** Refuses this number of submissions from `now` on, each as soon as the delay is over; returns the delays. */
function refuseInARow(backoff: Backoff, times: number, now = 0): Array<number | undefined> {
	let at = now;
	return Array.from({ length: times }, () => {
		const ms = refuse(backoff, at);
		at += ms ?? 0;
		return ms;
	});
}

test('has no backoff at first', () => {
	expect(new Backoff(() => 1).waitFor(0)).toBe(0);
});

test('doubles the delay up to 30 seconds', () => {
	expect(refuseInARow(new Backoff(() => 1), 7)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('every item waits until the delay is over', () => {
	const backoff = new Backoff(() => 1);
	refuse(backoff, 10_000);
	expect([10_000, 11_999, 12_000, 99_000].map((now) => backoff.waitFor(now))).toEqual([2_000, 1, 0, 0]);
});

test.each([
	['is kept', 5_500, 5_500],
	['is kept, though it is longer than the backoff', 90_000, 90_000],
	['is kept, though it is shorter than the backoff', 1_200, 1_200],
	['is never less than a second', 999, 1_000],
	['is never zero', 0, 1_000],
])('a requested delay %s', (_, retryAfterMs, ms) => {
	const backoff = new Backoff(() => 1);
	expect(refuse(backoff, 0, { retryAfterMs })).toBe(ms);
	expect(backoff.waitFor(0)).toBe(ms);
});

describe('concurrent refusals count once', () => {
	test.each([
		['one after the other', [100, 150, 900]],
		['in the same millisecond', [0, 0, 0]],
	])('%s', (_, moments) => {
		const backoff = new Backoff(() => 1);
		for (const now of moments) refuse(backoff, now, { startedAt: 0 });
		const end = (moments.at(-1) ?? 0) + 2_000;
		expect(backoff.waitFor(end - 1)).toBe(1);
		expect(backoff.waitFor(end)).toBe(0);
		expect(refuse(backoff, end)).toBe(4_000);
	});

	test('the longest requested delay counts', () => {
		const backoff = new Backoff(() => 1);
		refuse(backoff, 0, { retryAfterMs: 20_000 });
		expect(refuse(backoff, 1_000, { startedAt: 0 })).toBe(19_000);
	});

	test('a refusal after an acceptance starts a full delay', () => {
		const backoff = new Backoff(() => 1);
		refuse(backoff, 1_000, { startedAt: 0 });
		backoff.accepted();
		expect(refuse(backoff, 50_000, { startedAt: 0 })).toBe(2_000);
	});
});

describe('an acceptance', () => {
	/** After delays of 2, 4, 8 and 16 seconds. */
	function tired(): Backoff {
		const backoff = new Backoff(() => 1);
		refuseInARow(backoff, 4);
		return backoff;
	}

	test('halves the delay: rejecting after each acceptance converges to the rate of the service', () => {
		const backoff = tired();
		for (const now of [30_000, 60_000, 90_000]) {
			backoff.accepted();
			expect(refuse(backoff, now)).toBe(16_000);
		}
	});

	test.each([
		[2, 8_000],
		[3, 4_000],
		[4, 2_000],
		[50, 2_000],
	])('halves it each time: after %i acceptances it is %i ms', (times, ms) => {
		const backoff = tired();
		for (let n = 0; n < times; n++) backoff.accepted();
		expect(refuse(backoff, 30_000)).toBe(ms);
	});

	test('does not shorten a delay that has begun', () => {
		const backoff = new Backoff(() => 1);
		refuse(backoff, 0, { retryAfterMs: 45_000 });
		backoff.accepted();
		expect(backoff.waitFor(0)).toBe(45_000);
	});
});

describe('retry budget', () => {
	test('attempts that outlast the idle limit of a streak use it up', () => {
		const backoff = new Backoff(() => 1);
		let [startedAt, attempts] = [0, 0];
		// Each upload takes 90 s and is refused.
		while (refuse(backoff, startedAt + 90_000, { startedAt, budgetMs: 3_600_000 }) !== undefined && attempts < 100) {
			startedAt += 90_000 + backoff.waitFor(startedAt + 90_000);
			attempts += 1;
		}
		expect(attempts).toBeLessThanOrEqual(40);
	});

	test.each([
		['exactly fits', 2_000, 2_000],
		['a millisecond too little', 1_999, undefined],
		['none at all', 0, undefined],
	])('%s', (_, budgetMs, ms) => {
		expect(refuse(new Backoff(() => 1), 0, { budgetMs })).toBe(ms);
	});

	test('no budget, and the service requests no delay: does not retry', () => {
		expect(refuse(new Backoff(() => 1), 0, { budgetMs: 0, retryAfterMs: 0 })).toBeUndefined();
	});

	test('counts from the first refusal of the streak, whichever item it was', () => {
		const backoff = new Backoff(() => 1);
		expect([0, 2_000, 6_000].map((now) => refuse(backoff, now, { budgetMs: 13_999 }))).toEqual([2_000, 4_000, undefined]);
		expect(backoff.waitFor(6_000)).toBe(8_000);
	});

	test('a requested delay beyond it: the item does not wait, but the account backs off', () => {
		const backoff = new Backoff(() => 1);
		expect(refuse(backoff, 0, { budgetMs: 60_000, retryAfterMs: 60_001 })).toBeUndefined();
		expect(backoff.waitFor(0)).toBe(60_001);
	});

	test('does not count the time in the queue', () => {
		const backoff = new Backoff(() => 1);
		refuse(backoff, 0);
		expect(refuse(backoff, 50_000, { budgetMs: 6_000 })).toBe(4_000);
		expect(refuse(backoff, 54_000, { budgetMs: 13_999 })).toBeUndefined();
	});

	test('counts the time of an upload that is refused', () => {
		const backoff = new Backoff(() => 1);
		refuse(backoff, 0);
		expect(refuse(backoff, 50_000, { startedAt: 2_000, budgetMs: 53_999 })).toBeUndefined();
	});

	test('an acceptance ends the streak: the next refusal starts a new one', () => {
		const backoff = new Backoff(() => 1);
		refuseInARow(backoff, 3);
		backoff.accepted();
		expect(refuse(backoff, 14_000, { budgetMs: 8_000 })).toBe(8_000);
	});

	test('a streak without attempts is dropped after a while', () => {
		const [soon, late] = [new Backoff(() => 1), new Backoff(() => 1)];
		for (const backoff of [soon, late]) refuse(backoff, 0);
		expect(refuse(soon, 60_000, { budgetMs: 5_999 })).toBeUndefined();
		expect(refuse(late, 3_600_000, { budgetMs: 5_999 })).toBeDefined();
	});
});

test.each([
	[0, 1_000],
	[0.5, 1_500],
	[1, 2_000],
])('the jitter shortens a delay by at most half (random %f)', (random, ms) => {
	expect(refuse(new Backoff(() => random), 0)).toBe(ms);
});

test('the jitter never shortens a Retry-After', () => {
	expect(refuse(new Backoff(() => 0), 0, { retryAfterMs: 5_500 })).toBe(5_500);
});

test('an item after one that failed has no budget left while the streak continues', () => {
	const backoff = new Backoff(() => 1);
	let now = 0;
	for (let ms: number | undefined = 0; ms !== undefined; now += ms ?? 0) ms = refuse(backoff, now, { budgetMs: 100_000 });
	expect(backoff.tooLong(100_000, now)).toHaveProperty('reason', 'busy');
	expect(backoff.tooLong(200_000, now)).toBeUndefined();
});
