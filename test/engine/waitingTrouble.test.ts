/** Trouble while waiting: a question that fails is waited out, a stopped execution ends, and no task is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../sandbox';
import { logbook } from '../../harness/engine';
import { onlyFailure } from './support/failures';
import { useBench } from './support/hidream';
import { all } from './support/tasks';
import { calm, until, waiting } from './support/waiting';

const bench = useBench({ taskSeconds: 0.2 });
/** Several pauses between two questions, in milliseconds. */
const PAUSES = 400;

test.each([
	['HTTP 500', { type: 'status', status: 500 }],
	['HTTP 502 with a page', { type: 'status', status: 502, body: '<html>Bad Gateway</html>' }],
	['HTTP 503', { type: 'status', status: 503 }],
	['HTTP 429', { type: 'status', status: 429 }],
	['HTTP 401', { type: 'status', status: 401 }],
	['a reset', { type: 'reset', when: 'before' }],
	['a page with HTTP 200', { type: 'notJson' }],
	['half an answer', { type: 'truncated', cut: 'connection' }],
	['half a JSON text', { type: 'truncated' }],
	['nothing', { type: 'empty' }],
	['a code that nobody knows', { type: 'code', code: 1999 }],
	['no task at all', { type: 'status', status: 200, body: { code: 0, result: [] } }],
] satisfies [string, Fault][])('questions that get %s are waited out', async (_name, fault) => {
	bench().sandbox.faults.add({ on: 'batch', times: 4, fault });
	bench().sandbox.faults.add({ on: 'result', times: 8, fault });
	const outcome = await bench().submit(waiting(calm(3)));
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
	expect(bench().submits).toHaveLength(3);
});

test('a service that cannot be asked until time is up: the tasks come out with their IDs', async () => {
	for (const on of ['batch', 'result'] as const) {
		bench().sandbox.faults.add({ on, times: Infinity, fault: { type: 'status', status: 500 } });
	}
	const outcome = await bench().submit(waiting(calm(2), { maxWait: 0.01 }));
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'status')).toEqual(['timed_out', 'timed_out']);
	expect(new Set(all(outcome.json(), 'task_id'))).toEqual(new Set(bench().taskIds));
});

test('a token that is refused while waiting is renewed, and the wait goes on', async () => {
	const execution = await bench().start(waiting(['[never]', 'calm'], { maxWait: 0.03 }, { credential: bench().keyAccount() }));
	await until(() => bench().batches.length > 1);
	bench().sandbox.expireTokens();
	bench().sandbox.settle(bench().sandbox.tasks.find(({ prompt }) => prompt === '[never]')?.taskId ?? '', 'rejected');
	expect(all((await execution.outcome()).json(), 'status')).toEqual(['rejected', 'succeeded']);
});

test('stopped in a long pause: it ends, and the log has the task IDs', async () => {
	const execution = await bench().start(waiting(['[never]', '[never]'], { pollInterval: 3600 }));
	// The service has answered before the node has read it: only then is the ID known.
	const known = (id: string) => logbook.messages('info').some((line) => line.includes(id));
	await until(() => bench().taskIds.length === 2 && bench().taskIds.every(known));
	execution.cancel();
	const outcome = await execution.outcome();
	expect(outcome.run.finished).not.toBe(true);
	expect(outcome.error?.message).toMatch(/cancel/i);
	expect(bench().batches).toEqual([]);
});

test('stopped: nothing more is asked', async () => {
	const execution = await bench().start(waiting(['[never]']));
	await until(() => bench().batches.length === 2);
	execution.cancel();
	await execution.outcome();
	await sleep(PAUSES);
	const asked = bench().sandbox.requests.length;
	await sleep(PAUSES);
	expect(bench().sandbox.requests).toHaveLength(asked);
});

test('stopped while a question is open: it ends', async () => {
	bench().sandbox.faults.add({ on: 'batch', times: Infinity, fault: { type: 'silence' } });
	const execution = await bench().start(waiting(['[never]']));
	await until(() => bench().batches.length === 1);
	execution.cancel();
	expect((await execution.outcome()).run.finished).not.toBe(true);
});

test('stopped while items stand in line: none of them is sent', async () => {
	const execution = await bench().start(waiting(['[never]', 'calm', 'calm'], { parallelTasks: 1 }));
	await until(() => bench().batches.length > 1);
	execution.cancel();
	await execution.outcome();
	expect(bench().submits).toHaveLength(1);
});

test('one execution stopped, another of the same account goes on', async () => {
	const stopped = await bench().start(waiting(['[never]']));
	const other = await bench().start(waiting(['[never] 2']));
	await until(() => bench().batches.length > 1 && bench().taskIds.length === 2);
	stopped.cancel();
	await stopped.outcome();
	const id = bench().sandbox.tasks.find(({ prompt }) => prompt === '[never] 2')?.taskId ?? '';
	bench().sandbox.settle(id, 'succeeded');
	expect((await other.outcome()).json()).toMatchObject([{ task_id: id, status: 'succeeded' }]);
});

test('a refused item goes to the error branch, and the wait for the others goes on', async () => {
	const outcome = await bench().submit(waiting(['calm', '[forbidden]', 'calm too'], {}, { onError: 'continueErrorOutput' }));
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
	expect(onlyFailure(outcome).details).toMatchObject({ status: 'refused', code: 1403 });
	expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
	expect(outcome.items('Done')).toMatchObject([{ json: { from: { n: 0 } } }, { json: { from: { n: 2 } } }]);
});

test('no credits: the rest is not tried, and what was accepted is waited for', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: Infinity, fault: { type: 'code', code: 2007 } });
	const outcome = await bench().submit(waiting(calm(4), { concurrency: 1 }, { onError: 'continueErrorOutput' }));
	expect(outcome.json()).toMatchObject([{ task_id: bench().taskIds[0], status: 'succeeded' }]);
	const statuses = outcome.failures().map(({ details }) => (details as { status: string }).status);
	expect(statuses).toEqual(['refused', 'not_tried', 'not_tried']);
	expect(bench().submits).toHaveLength(2);
});
