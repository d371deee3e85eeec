import { median } from '../../../bench/report/statistics';

test.each([
	[[7], 7],
	[[3, 1, 2], 2],
	[[10, 9, 100, 1], 9.5],
	[[2, 2], 2],
])('the median of %j is %d', (figures, middle) => {
	expect(median(figures)).toBe(middle);
});

test('there is none of nothing, and the figures stay as they were', () => {
	expect(() => median([])).toThrow('no median');
	const figures = [3, 1, 2];
	median(figures);
	expect(figures).toEqual([3, 1, 2]);
});
