/** The place that a task holds among those that run, where its end is waited for and where it is not. */
import type { Entry } from '../../../nodes/batch/ledger';
import { SubmissionBench } from '../support/submissionBench';
import { accepted, refused, uncertain } from '../support/verdicts';

const EARLIER: Entry = { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: [], look: { style: 'anime', prompt: '' } };
const RETURN = { whenLimitReached: 'return', tasksPerMinute: 1 } as const;

describe('where the end of each task is waited for', () => {
	const open = () => Object.assign(new SubmissionBench(), { keepsParallel: true });

	test('an accepted task holds its place until it is given back', async () => {
		const bench = open();
		const outcome = await bench.submit([accepted()], { parallelTasks: 1 });
		if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(Infinity);
		outcome.ended();
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(0);
	});

	test('a task of an earlier try holds a place until it is given back', async () => {
		const bench = Object.assign(new SubmissionBench(EARLIER), { keepsParallel: true });
		const outcome = await bench.submit([], { parallelTasks: 1 });
		if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(Infinity);
		outcome.ended();
		outcome.ended();
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(0);
	});

	test('the next one waits until a task has ended', async () => {
		const bench = open();
		const end = bench.scheduler.adopt();
		const submitted = bench.start([accepted()], { parallelTasks: 1 });
		await bench.clock.advance(1_000_000);
		expect(bench.sent).toEqual([]);
		end();
		await bench.clock.run(submitted);
		expect(bench.sent).toHaveLength(1);
	});

	test.each([
		['refused', refused()],
		['uncertain', uncertain()],
	])('%s: no task is waited for, so its place is given back', async (_, verdict) => {
		const bench = open();
		await bench.submit([verdict], { parallelTasks: 1 });
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(0);
	});

	test('cancelled while it waits for the minute: the place among the tasks is given back', async () => {
		const bench = open();
		bench.take();
		const submitted = bench.start([], { parallelTasks: 1, tasksPerMinute: 1 });
		await bench.clock.advance(1);
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(Infinity);
		bench.cancel.abort();
		expect(await bench.clock.run(submitted)).toEqual({ kind: 'cancelled' });
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(0);
	});

	test('handed back for the minute: the place among the tasks is given back', async () => {
		const bench = open();
		bench.take();
		await bench.submit([], { ...RETURN, parallelTasks: 1 });
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(0);
	});

	test('handed back for the tasks that run', async () => {
		const bench = open();
		bench.scheduler.adopt();
		expect(await bench.submit([], { ...RETURN, parallelTasks: 1 })).toHaveProperty('kind', 'notSubmitted');
		expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
	});
});

describe('where the end of a task is never learnt', () => {
	test.each([
		['fresh', undefined, [accepted()]],
		['of an earlier try', EARLIER, []],
	])('a task holds no place among those that run: %s', async (_, entry, steps) => {
		const bench = new SubmissionBench(entry);
		await bench.submit(steps, { parallelTasks: 1 });
		expect(bench.roomIn({ parallelTasks: 1 })).toBe(0);
	});

	test('it does not wait for tasks to end', async () => {
		const bench = new SubmissionBench();
		bench.scheduler.adopt();
		expect(await bench.submit([accepted()], { parallelTasks: 1 })).toHaveProperty('kind', 'accepted');
	});
});
