/** Submit and Wait when something fails: status requests, cancels, retries. */
import { setTimeout as sleep } from 'node:timers/promises';
import { logbook } from '../../harness/engine';
import type { Fault } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { onlyFailure } from './support/outputs';
import { type SubmitOptions, useEngine } from './support/engine';
import { pluck } from './support/tasks';
import { makePrompts, waiting } from './support/waiting';

describe('faults while waiting', () => {
	const engine = useEngine({ taskSeconds: 0.2 });
	/** Several poll intervals, in milliseconds. */
	const PAUSES = 400;

	test.each([
		['HTTP 401', { type: 'status', status: 401 }],
		['a reset', { type: 'reset', when: 'before' }],
		['no task at all', { type: 'status', status: 200, body: { code: 0, result: [] } }],
	] satisfies [string, Fault][])('continues after status requests that get %s', async (_name, fault) => {
		engine().sandbox.faults.add({ on: 'batch', times: 4, fault });
		engine().sandbox.faults.add({ on: 'result', times: 8, fault });
		const outcome = await engine().submit(waiting(makePrompts(3)));
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(engine().submits).toHaveLength(3);
	});

	test('outputs the task IDs if no status request succeeds until the wait times out', async () => {
		for (const on of ['batch', 'result'] as const) {
			engine().sandbox.faults.add({ on, times: Infinity, fault: { type: 'status', status: 500 } });
		}
		const outcome = await engine().submit(waiting(makePrompts(2), { maxWait: 0.01 }));
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'status')).toEqual(['timed_out', 'timed_out']);
		expect(new Set(pluck(outcome.json(), 'task_id'))).toEqual(new Set(engine().taskIds));
	});

	test('renews a token that is refused while waiting, and continues the wait', async () => {
		const execution = await engine().start(waiting(['[never]', 'calm'], { maxWait: 0.03 }, { credential: engine().keyAccount() }));
		await untilTrue(() => engine().batches.length > 1);
		engine().sandbox.expireTokens();
		engine().sandbox.settle(engine().sandbox.tasks.find(({ prompt }) => prompt === '[never]')?.taskId ?? '', 'rejected');
		expect(pluck((await execution.outcome()).json(), 'status')).toEqual(['rejected', 'succeeded']);
	});

	test('stopped during a long poll interval: ends, and the log has the task IDs', async () => {
		const execution = await engine().start(waiting(['[never]', '[never]'], { pollInterval: 3600 }));
		// The service responds before the node has read the response: only then is the ID known.
		const known = (id: string) => logbook.messages('info').some((line) => line.includes(id));
		await untilTrue(() => engine().taskIds.length === 2 && engine().taskIds.every(known));
		execution.cancel();
		const outcome = await execution.outcome();
		expect(outcome.run.finished).not.toBe(true);
		expect(outcome.error?.message).toMatch(/cancel/i);
		expect(engine().batches).toEqual([]);
	});

	test('stopped: sends no more status requests', async () => {
		const execution = await engine().start(waiting(['[never]']));
		await untilTrue(() => engine().batches.length === 2);
		execution.cancel();
		await execution.outcome();
		await sleep(PAUSES);
		const sentBefore = engine().sandbox.requests.length;
		await sleep(PAUSES);
		expect(engine().sandbox.requests).toHaveLength(sentBefore);
	});

	test('stopped during a status request: ends', async () => {
		engine().sandbox.faults.add({ on: 'batch', times: Infinity, fault: { type: 'silence' } });
		const execution = await engine().start(waiting(['[never]']));
		await untilTrue(() => engine().batches.length === 1);
		execution.cancel();
		expect((await execution.outcome()).run.finished).not.toBe(true);
	});

	test('stopped with items in the queue: sends none of them', async () => {
		const execution = await engine().start(waiting(['[never]', 'calm', 'calm'], {}, { limits: { parallelTasks: 1 } }));
		await untilTrue(() => engine().batches.length > 1);
		execution.cancel();
		await execution.outcome();
		expect(engine().submits).toHaveLength(1);
	});

	test('stopping one execution does not affect another of the same account', async () => {
		const stopped = await engine().start(waiting(['[never]']));
		const other = await engine().start(waiting(['[never] 2']));
		await untilTrue(() => engine().batches.length > 1 && engine().taskIds.length === 2);
		stopped.cancel();
		await stopped.outcome();
		const id = engine().sandbox.tasks.find(({ prompt }) => prompt === '[never] 2')?.taskId ?? '';
		engine().sandbox.settle(id, 'succeeded');
		expect((await other.outcome()).json()).toMatchObject([{ task_id: id, status: 'succeeded' }]);
	});

	test('a refused item goes to the error output, and the node waits for the others', async () => {
		const outcome = await engine().submit(waiting(['calm', '[forbidden]', 'calm too'], {}, { onError: 'continueErrorOutput' }));
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
		expect(onlyFailure(outcome).details).toMatchObject({ status: 'refused', code: 1403 });
		expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
		expect(outcome.items('Done')).toMatchObject([{ json: { from: { n: 0 } } }, { json: { from: { n: 2 } } }]);
	});

	test('no credits: does not try the rest, and waits for accepted tasks', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: Infinity, fault: { type: 'code', code: 2007 } });
		const outcome = await engine().submit(waiting(makePrompts(4), { concurrency: 1 }, { onError: 'continueErrorOutput' }));
		expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[0], status: 'succeeded' }]);
		const statuses = outcome.failures().map(({ details }) => (details as { status: string }).status);
		expect(statuses).toEqual(['refused', 'not_tried', 'not_tried']);
		expect(engine().submits).toHaveLength(2);
	});
});

describe('further attempts of a wait', () => {
	const engine = useEngine({ taskSeconds: 0.2 });
	const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };

	/** Three items one after the other, attempted three times. */
	const tried = (more: SubmitOptions = {}) =>
		waiting(['a', 'b', 'c'], { concurrency: 1 }, { retryOnFail: true, maxTries: 3, ...more });

	/** The prompts of all tasks: a repeated one was paid for twice. */
	const paidFor = () => engine().sandbox.tasks.map(({ prompt }) => prompt);

	test('after a refusal the next attempt sends only the items without a task, and waits for all', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
		const outcome = await engine().submit(tried());
		expect(outcome.error).toBeUndefined();
		expect(paidFor()).toEqual(['a', 'b', 'c']);
		expect(engine().submits).toHaveLength(4);
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(pluck(outcome.json(), 'sub_task_ids')).toEqual(engine().sandbox.tasks.map(({ subTaskIds }) => subTaskIds));
		expect(pluck(outcome.json(), 'request_id')).toEqual(engine().sandbox.tasks.map(({ requestId }) => requestId));
	});

	test('a failed submit ends the run immediately: it does not wait for tasks that never end', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
		const outcome = await engine().submit(waiting(['[never]', 'b', 'c'], { concurrency: 1 }));
		expect(outcome.failure.message).toContain('[item 1]');
		expect(outcome.failure.message).toContain(engine().taskIds[0]);
		expect(engine().submits).toHaveLength(2);
	});

	test.each(['stopWorkflow', 'continueErrorOutput'] as const)('a failed task as an error (%s): no attempt pays for it again', async (onError) => {
		const options = { concurrency: 1, onTaskFailure: 'error' };
		const outcome = await engine().submit(waiting(['[fail]', 'b'], options, { retryOnFail: true, maxTries: 3, onError }));
		expect(paidFor()).toEqual(['[fail]', 'b']);
		expect(engine().submits).toHaveLength(2);
		if (onError === 'stopWorkflow') for (const id of engine().taskIds) expect(outcome.failure.message).toContain(id);
		else expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[1], status: 'succeeded' }]);
	});

	test('the parallel limit counts accepted tasks of an earlier attempt', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
		const prompts = ['[never]', 'b', 'c'];
		const options = { concurrency: 1, maxWait: 0.05 };
		const outcome = await engine().submit(waiting(prompts, options, { limits: { parallelTasks: 2 }, retryOnFail: true, maxTries: 2 }));
		expect(pluck(outcome.json(), 'status')).toEqual(['timed_out', 'succeeded', 'succeeded']);
		const [, b, c] = engine().sandbox.tasks;
		expect(c?.acceptedAt ?? 0).toBeGreaterThanOrEqual(b?.endedAt ?? Infinity);
	});

	test('as a tool of an agent: the same call again returns the same task with its result', async () => {
		const parameters = { ...waiting([]).parameters, prompt: 'a' };
		const outcome = await engine().submit({ parameters, toolCalls: [{}, {}] });
		const [id] = engine().taskIds;
		expect(outcome.items('Agent')).toMatchObject([
			{ json: { task_id: id, status: 'succeeded' } },
			{ json: { task_id: id, status: 'succeeded' } },
		]);
		expect(engine().taskIds).toHaveLength(1);
	});
});
