/** The scheduler with a simulated clock: close to the best possible schedule, for any random numbers. */
import { bestInOrder } from './bounds';
import { shortestInOrder } from './exact';
import { randomJobs } from './jobs';
import { measure, measureExact } from './measure';
import { randomOf } from './random';

const seed = Math.floor(Math.random() * 1_000_000);
const named = `seed ${seed}`;

test.each([1, 5, 10])(`%i concurrent tasks: 400 tasks, with refusals, within 3 % of the best schedule (${named})`, async (parallelTasks) => {
	const { overBest, gaveUp, waitOverMedian } = await measure({ tasks: 400, parallelTasks, seed });
	expect(overBest).toBeLessThanOrEqual(1.03);
	expect(gaveUp).toBe(0);
	expect(waitOverMedian).toBeLessThan(6);
});

test(`small batches: as short as the shortest of all schedules in their order (${named})`, async () => {
	const { worstInOrder, cases } = await measureExact(60, 5, seed);
	expect(cases).toBe(60);
	expect(worstInOrder).toBeCloseTo(1, 9);
});

test(`the calculated best schedule equals the one found by searching all schedules (${named})`, () => {
	for (let n = 0; n < 40; n++) {
		const limits = { tasksPerMinute: [1, 2, 3, 1.5][n % 4] ?? 1, parallelTasks: 1 + (Math.floor(n / 4) % 4) };
		const jobs = randomJobs(1 + (n % 7), randomOf(seed + n));
		expect(bestInOrder(jobs, limits)).toBeCloseTo(shortestInOrder(jobs, limits), 3);
	}
});

test(`two workers with half of the limits each are almost never refused; none gives up an item (${named})`, async () => {
	const own = { tasksPerMinute: 1, parallelTasks: 5 };
	const run = await measure({ tasks: 150, parallelTasks: 10, workers: 2, own, pollMs: 10_000, seed });
	expect(run.gaveUp).toBe(0);
	expect(run.refusalsPerAccepted).toBeLessThan(0.2);
});
