import { nextPause } from '../../../nodes/batch/patience';
import type { Passing } from '../../../nodes/hidream/verdict';

const ROOM = { waitedMs: 0, budgetMs: 1e9 };
const pauses = (passing: Passing, count: number) =>
	Array.from({ length: count }, (_, repetitions) => nextPause(passing, repetitions, ROOM));

test('no connection: three pauses, each twice the one before', () => {
	expect(pauses('noConnection', 5)).toEqual([1_000, 2_000, 4_000, undefined, undefined]);
});

test('busy: up to half a minute, twenty times', () => {
	expect(pauses('busy', 7)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
	expect(pauses('busy', 22).slice(19)).toEqual([30_000, undefined, undefined]);
});

test('a token: at once, once', () => {
	expect(pauses('token', 3)).toEqual([0, undefined, undefined]);
});

test.each([
	['exactly fits', 2_000, 0, 2_000],
	['a millisecond too long', 1_999, 0, undefined],
	['fits in what is left', 5_000, 3_000, 2_000],
	['does not fit in what is left', 5_000, 3_001, undefined],
	['no budget at all', 0, 0, undefined],
])('the budget: %s', (_, budgetMs, waitedMs, expected) => {
	expect(nextPause('busy', 0, { budgetMs, waitedMs })).toBe(expected);
});

test.each([
	['is kept, though it is shorter', 500, 500],
	['is kept, though it is longer than any pause of ours', 90_000, 90_000],
	['is not begun beyond the budget', 120_001, undefined],
	['is not begun if it never ends', Infinity, undefined],
])('the wait that the service names %s', (_, retryAfterMs, expected) => {
	expect(nextPause('busy', 0, { retryAfterMs, waitedMs: 0, budgetMs: 120_000 })).toBe(expected);
});

test('a wait that the service names does not raise the number of tries', () => {
	expect(nextPause('busy', 20, { ...ROOM, retryAfterMs: 1 })).toBeUndefined();
	expect(nextPause('token', 1, { ...ROOM, retryAfterMs: 1 })).toBeUndefined();
});
