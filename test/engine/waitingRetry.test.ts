/** Further tries of a wait: nothing is paid twice, and tasks that were accepted before are waited for. */
import type { Fault } from '../../sandbox';
import { asFailure } from './support/failures';
import { useBench, type SubmitOptions } from './support/hidream';
import { all } from './support/tasks';
import { until, waiting } from './support/waiting';

const bench = useBench({ taskSeconds: 0.2 });
const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };

/** Three items one after the other, tried three times. */
const tried = (more: SubmitOptions = {}) =>
	waiting(['a', 'b', 'c'], { concurrency: 1 }, { retryOnFail: true, maxTries: 3, ...more });

/** The prompts of all tasks: one that is in twice was paid for twice. */
const paidFor = () => bench().sandbox.tasks.map(({ prompt }) => prompt);

test('after a refusal the next try sends only what has no task yet, and waits for all', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
	const outcome = await bench().submit(tried());
	expect(outcome.error).toBeUndefined();
	expect(paidFor()).toEqual(['a', 'b', 'c']);
	expect(bench().submits).toHaveLength(4);
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
	expect(all(outcome.json(), 'sub_task_ids')).toEqual(bench().sandbox.tasks.map(({ subTaskIds }) => subTaskIds));
	expect(all(outcome.json(), 'request_id')).toEqual(bench().sandbox.tasks.map(({ requestId }) => requestId));
});

test('a failed submit ends the run at once: it does not wait for tasks that never end', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
	const outcome = await bench().submit(waiting(['[never]', 'b', 'c'], { concurrency: 1 }));
	expect(outcome.failure.message).toContain('[item 1]');
	expect(outcome.failure.message).toContain(bench().taskIds[0]);
	expect(bench().submits).toHaveLength(2);
});

test('an uncertain submit is reported with its request_id, and no try sends it again', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'reset', when: 'afterAccept' } });
	const outcome = await bench().submit(tried());
	expect(paidFor().filter((prompt) => prompt === 'b')).toEqual(['b']);
	expect(new Set(paidFor()).size).toBe(paidFor().length);
	expect(outcome.failure.message).toContain(bench().taskIds[0]);
	expect(outcome.words).toContain(bench().sandbox.tasks[1]?.requestId);
});

test('"Continue" with the first item uncertain: it is not sent again, and the others come out done', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'acceptThenStatus', status: 500 } });
	const outcome = await bench().submit(tried({ onError: 'continueErrorOutput' }));
	expect(paidFor()).toEqual(['a', 'b', 'c']);
	expect(bench().submits).toHaveLength(3);
	expect(asFailure(outcome.failures()[0]).details).toMatchObject({ status: 'uncertain', request_id: bench().sandbox.tasks[0]?.requestId });
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
});

test.each(['stopWorkflow', 'continueErrorOutput'] as const)('a failed task as an error (%s): no try pays for it again', async (onError) => {
	const options = { concurrency: 1, onTaskFailure: 'error' };
	const outcome = await bench().submit(waiting(['[fail]', 'b'], options, { retryOnFail: true, maxTries: 3, onError }));
	expect(paidFor()).toEqual(['[fail]', 'b']);
	expect(bench().submits).toHaveLength(2);
	if (onError === 'stopWorkflow') for (const id of bench().taskIds) expect(outcome.failure.message).toContain(id);
	else expect(outcome.json()).toMatchObject([{ task_id: bench().taskIds[1], status: 'succeeded' }]);
});

test("a user's Retry goes on waiting for the tasks that were accepted", async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
	const execution = await bench().start(waiting(['a', 'b'], { concurrency: 1 }));
	expect((await execution.outcome()).words).toContain('1403');
	const outcome = await (await execution.retry()).outcome();
	expect(paidFor()).toEqual(['a', 'b']);
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
});

test('accepted tasks of an earlier try take up places: the parallel limit holds across tries', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
	const prompts = ['[never]', 'b', 'c'];
	const options = { concurrency: 1, parallelTasks: 2, maxWait: 0.05 };
	const outcome = await bench().submit(waiting(prompts, options, { retryOnFail: true, maxTries: 2 }));
	expect(all(outcome.json(), 'status')).toEqual(['timed_out', 'succeeded', 'succeeded']);
	const [, b, c] = bench().sandbox.tasks;
	expect(c?.acceptedAt ?? 0).toBeGreaterThanOrEqual(b?.endedAt ?? Infinity);
});

test('each round of a loop pays for its own tasks and waits for them', async () => {
	const outcome = await bench().submit({ ...waiting(['a']), rounds: 2 });
	const ids = [0, 1].map((round) => outcome.json(round)[0]?.['task_id']);
	expect(ids).toEqual(bench().taskIds);
	expect([0, 1].map((round) => outcome.json(round)[0]?.['status'])).toEqual(['succeeded', 'succeeded']);
});

test('as a tool of an agent: the same call again gives the same task with its result', async () => {
	const parameters = { ...waiting([]).parameters, prompt: 'a' };
	const outcome = await bench().submit({ parameters, toolCalls: [{}, {}] });
	const [id] = bench().taskIds;
	expect(outcome.items('Agent')).toMatchObject([
		{ json: { task_id: id, status: 'succeeded' } },
		{ json: { task_id: id, status: 'succeeded' } },
	]);
	expect(bench().taskIds).toHaveLength(1);
});

test('the task IDs are in the log as soon as they are known', async () => {
	const execution = await bench().start(waiting(['[never]']));
	await until(() => bench().batches.length > 0);
	execution.cancel();
	expect((await execution.outcome()).log('info').join('\n')).toContain(bench().taskIds[0]);
});
