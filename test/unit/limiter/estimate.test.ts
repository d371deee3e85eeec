/** The minimum duration of a batch with these limits. */
import { estimate } from '../../../nodes/limiter/estimate';
import type { Workload } from '../../../nodes/limiter/estimate';

/** A task of two and a half minutes by default, without limits. */
const timesOf = (workload: Partial<Workload>) => {
	const { minutesToSubmit, minutesToFinish } = estimate({ tasks: 1, tasksPerMinute: 0, parallelTasks: 0, taskMs: 150_000, ...workload });
	return [minutesToSubmit, minutesToFinish];
};

test.each([
	[0, 2, 0],
	[1, 2, 0],
	[2, 2, 0],
	[3, 2, 1],
	[4, 2, 1],
	[100, 2, 49],
	[1_000, 2, 499],
	[1_000, 0, 0],
	[5, 1, 4],
	[5, 0.5, 8],
	[2, 0.3, 3.3],
	[5, 2.5, 0],
	[6, 2.5, 2],
	[4, 1.5, 2],
	[5, -1, 0],
])('%d tasks at %d a minute: the last one starts after %d minutes', (tasks, tasksPerMinute, minutes) => {
	expect(timesOf({ tasks, tasksPerMinute })[0]).toBe(minutes);
});

test.each([
	['nothing', { tasks: 0, tasksPerMinute: 2, parallelTasks: 1 }, 0],
	['one task', {}, 2.5],
	['no limits', { tasks: 1_000 }, 2.5],
	['the rate: the last task runs to its end after it has started', { tasks: 100, tasksPerMinute: 2 }, 51.5],
	['one parallel task: one after the other', { tasks: 10, tasksPerMinute: 2, parallelTasks: 1 }, 25],
	['three parallel tasks: four rounds for ten tasks', { tasks: 10, parallelTasks: 3 }, 10],
	['a fraction of a parallel task is one', { tasks: 2, parallelTasks: 0.5 }, 5],
	['more parallel tasks than tasks', { tasks: 3, parallelTasks: 10 }, 2.5],
	['a slow rate outweighs the parallel limit', { tasks: 10, tasksPerMinute: 0.25, parallelTasks: 1 }, 38.5],
	['rounded to a tenth', { tasks: 2, tasksPerMinute: 0.3, taskMs: 1_000 }, 3.4],
] satisfies [string, Partial<Workload>, number][])('estimates the end of the last task: %s', (_, workload, minutes) => {
	expect(timesOf(workload)[1]).toBe(minutes);
});
