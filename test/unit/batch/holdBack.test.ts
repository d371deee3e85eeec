/** How long an account waits after refusals that will pass: no clock here, the time is an argument. */
import { HoldBack } from '../../../nodes/batch/holdBack';

const PLENTY = 1e9;

/** A submission that is let go and refused in the same moment, unless said otherwise. */
function refuse(
	holdBack: HoldBack,
	now: number,
	{ admittedAt = now, budgetMs = PLENTY, retryAfterMs }: { admittedAt?: number; budgetMs?: number; retryAfterMs?: number } = {},
): number | undefined {
	return holdBack.refused({ admittedAt, retryAfterMs, budgetMs }, now);
}

/** Refused so many times from `now` on, each time as soon as the pause is over; gives the pauses. */
function refuseInARow(holdBack: HoldBack, times: number, now = 0): Array<number | undefined> {
	let at = now;
	return Array.from({ length: times }, () => {
		const ms = refuse(holdBack, at);
		at += ms ?? 0;
		return ms;
	});
}

test('nobody is held back at first', () => {
	expect(new HoldBack().waitFor(0)).toBe(0);
});

test('the pauses double up to half a minute', () => {
	expect(refuseInARow(new HoldBack(), 7)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('everybody waits until the pause is over', () => {
	const holdBack = new HoldBack();
	refuse(holdBack, 10_000);
	expect([10_000, 11_999, 12_000, 99_000].map((now) => holdBack.waitFor(now))).toEqual([2_000, 1, 0, 0]);
});

test.each([
	['is kept', 5_500, 5_500],
	['is kept, though it is longer than any pause of ours', 90_000, 90_000],
	['is kept, though it is shorter than the pause of ours', 1_200, 1_200],
	['is never less than a second', 999, 1_000],
	['is never nothing', 0, 1_000],
])('the wait that the service names %s', (_, retryAfterMs, ms) => {
	const holdBack = new HoldBack();
	expect(refuse(holdBack, 0, { retryAfterMs })).toBe(ms);
	expect(holdBack.waitFor(0)).toBe(ms);
});

describe('refusals of one breath are one', () => {
	test.each([
		['one after the other', [100, 150, 900]],
		['in the same millisecond', [0, 0, 0]],
	])('%s', (_, moments) => {
		const holdBack = new HoldBack();
		for (const now of moments) refuse(holdBack, now, { admittedAt: 0 });
		const end = (moments.at(-1) ?? 0) + 2_000;
		expect(holdBack.waitFor(end - 1)).toBe(1);
		expect(holdBack.waitFor(end)).toBe(0);
		expect(refuse(holdBack, end)).toBe(4_000);
	});

	test('the longest wait of them is kept', () => {
		const holdBack = new HoldBack();
		refuse(holdBack, 0, { retryAfterMs: 20_000 });
		expect(refuse(holdBack, 1_000, { admittedAt: 0 })).toBe(19_000);
	});

	test('one that comes after others were accepted still makes a whole pause', () => {
		const holdBack = new HoldBack();
		refuse(holdBack, 1_000, { admittedAt: 0 });
		holdBack.accepted();
		expect(refuse(holdBack, 50_000, { admittedAt: 0 })).toBe(2_000);
	});
});

describe('an acceptance', () => {
	/** After pauses of 2, 4, 8 and 16 seconds. */
	function tired(): HoldBack {
		const holdBack = new HoldBack();
		refuseInARow(holdBack, 4);
		return holdBack;
	}

	test('halves the pause: a refusal after each finds the rhythm of the service', () => {
		const holdBack = tired();
		for (const now of [30_000, 60_000, 90_000]) {
			holdBack.accepted();
			expect(refuse(holdBack, now)).toBe(16_000);
		}
	});

	test.each([
		[2, 8_000],
		[3, 4_000],
		[4, 2_000],
		[50, 2_000],
	])('halves it each time: %i of them, and it is %i ms', (times, ms) => {
		const holdBack = tired();
		for (let n = 0; n < times; n++) holdBack.accepted();
		expect(refuse(holdBack, 30_000)).toBe(ms);
	});

	test('does not shorten the pause that has begun', () => {
		const holdBack = new HoldBack();
		refuse(holdBack, 0, { retryAfterMs: 45_000 });
		holdBack.accepted();
		expect(holdBack.waitFor(0)).toBe(45_000);
	});
});

describe('the budget', () => {
	test.each([
		['exactly fits', 2_000, 2_000],
		['a millisecond too little', 1_999, undefined],
		['none at all', 0, undefined],
	])('%s', (_, budgetMs, ms) => {
		expect(refuse(new HoldBack(), 0, { budgetMs })).toBe(ms);
	});

	test('none at all, and the service says that no wait is needed: nobody waits', () => {
		expect(refuse(new HoldBack(), 0, { budgetMs: 0, retryAfterMs: 0 })).toBeUndefined();
	});

	test('counts from the first refusal of the row, whoever was refused', () => {
		const holdBack = new HoldBack();
		expect([0, 2_000, 6_000].map((now) => refuse(holdBack, now, { budgetMs: 13_999 }))).toEqual([2_000, 4_000, undefined]);
		expect(holdBack.waitFor(6_000)).toBe(0);
	});

	test('a wait that the service names beyond it: nobody waits', () => {
		const holdBack = new HoldBack();
		expect(refuse(holdBack, 0, { budgetMs: 60_000, retryAfterMs: 60_001 })).toBeUndefined();
		expect(holdBack.waitFor(0)).toBe(0);
	});

	test('whoever has too little of it ends nobody else\'s pause, and makes nobody else\'s longer', () => {
		const holdBack = new HoldBack();
		refuse(holdBack, 0);
		for (const now of [100, 200, 300]) expect(refuse(holdBack, now, { admittedAt: 0, budgetMs: 0 })).toBeUndefined();
		expect(holdBack.waitFor(300)).toBe(1_700);
		for (const now of [2_000, 2_001, 2_002]) expect(refuse(holdBack, now, { budgetMs: 0 })).toBeUndefined();
		expect(refuse(holdBack, 2_100)).toBe(4_000);
	});

	test('an acceptance ends the row: the next refusal is the first of a new one', () => {
		const holdBack = new HoldBack();
		refuseInARow(holdBack, 3);
		holdBack.accepted();
		expect(refuse(holdBack, 14_000, { budgetMs: 8_000 })).toBe(8_000);
	});

	test('a row that nobody has tried to break for a while is forgotten', () => {
		const [soon, late] = [new HoldBack(), new HoldBack()];
		for (const holdBack of [soon, late]) refuse(holdBack, 0);
		expect(refuse(soon, 20_000, { budgetMs: 20_000 })).toBeUndefined();
		expect(refuse(late, 3_600_000, { budgetMs: 20_000 })).toBeDefined();
	});
});

test('whoever comes after one that was given up finds no budget, as long as the row goes on', () => {
	const holdBack = new HoldBack();
	refuse(holdBack, 0);
	for (let now = 50_000; now <= 500_000; now += 50_000) expect(refuse(holdBack, now, { budgetMs: 40_000 })).toBeUndefined();
	expect(refuse(holdBack, 600_000, { budgetMs: 40_000 })).toBe(4_000);
});
