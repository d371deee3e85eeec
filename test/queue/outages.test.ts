/** Main, the webhook process, or all workers are killed with -9 at a bad moment, and started again. */
import type { INodeParameters } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import type { N8nServer } from '../../harness/n8n/server';
import { expectAllHeard } from '../support/callbacks';
import { readLog } from '../support/crash';
import { until } from '../support/n8n';
import { byUrl, videoItem } from '../support/workflows';
import { call, useQueue } from './support/queue';
import { resultsOf } from './support/results';
import { expectAllSucceeded, expectAllTimedOut, settleAll } from './support/tasks';

jest.setTimeout(400_000);

// Tasks end when a test says so.
const on = useQueue({ taskSeconds: 3_600 });

const byPolling: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options: { pollInterval: 2 } };
const byCallback: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'callback' };
const within = (maxWait: number): INodeParameters => ({ ...byCallback, options: { maxWait } });

const asked = (): number => on.sandbox.requests.filter(({ endpoint }) => endpoint === 'batch').length;
const callbacks = (): Array<number | undefined> => on.sandbox.tasks.flatMap((task) => task.callbacks.map(({ status }) => status));

/** Kills the webhook process while it handles callbacks that it has not answered, and waits until HiDream has given up. */
async function killInCallback(): Promise<void> {
	const before = asked();
	on.sandbox.faults.add({ on: 'batch', times: Infinity, fault: { type: 'slow', delayMs: 3_000 } });
	settleAll(on.sandbox);
	await until('HiDream is asked about a callback', () => asked() > before);
	await on.n8n.instance.webhook.kill();
	await until('HiDream gives up', () => callbacks().length === on.sandbox.tasks.length * 3);
	expect(callbacks().filter((status) => status !== undefined)).toEqual([]);
	on.sandbox.faults.clear();
}

test('main dies while a worker polls: the worker goes on, and main finds the result', async () => {
	const id = await on.n8n.submitted(on.sandbox, byPolling, 3);
	await on.n8n.instance.kill();
	const before = asked();
	await until('the worker asks on', () => asked() > before + 2);
	settleAll(on.sandbox);
	await on.n8n.instance.restart();
	expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	expect(on.sandbox.tasks).toHaveLength(3);
});

test('main dies while videos are submitted: the execution falls asleep and is woken without main', async () => {
	on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 1_000 } });
	const id = await on.n8n.started(on.sandbox, byCallback, [1, 2, 3].map((number) => videoItem(number)));
	await until('the first is submitted', () => on.sandbox.tasks.length === 1);
	await on.n8n.instance.kill();
	await until('all are submitted', () => on.sandbox.tasks.length === 3);
	await on.n8n.untilAsleep(id);
	settleAll(on.sandbox);
	await expectAllHeard(on.sandbox);
	await on.n8n.instance.restart();
	expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	expect(on.sandbox.tasks).toHaveLength(3);
});

test('main is dead when the wait runs out: started again, it gives the task IDs out', async () => {
	const id = await on.n8n.parked(on.sandbox, within(0.1), 2);
	await on.n8n.instance.kill();
	await sleep(6_000);
	expect(await on.n8n.instance.executionStatus(id)).toBe('waiting');
	await on.n8n.instance.restart();
	expectAllTimedOut(on.sandbox, await on.n8n.instance.execution(id));
	expect(on.sandbox.tasks).toHaveLength(2);
});

test('the webhook process dies in the middle of a callback: the next one wakes the execution', async () => {
	const id = await on.n8n.parked(on.sandbox, byCallback, 2);
	await killInCallback();
	await on.n8n.instance.webhook.start();
	expect(await on.n8n.instance.executionStatus(id)).toBe('waiting');
	const [task] = on.sandbox.tasks;
	expect(await call(task?.notifyUrl ?? '', { main_task_id: task?.taskId, sub_task_results: [] })).toBe(200);
	expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	expect(on.sandbox.tasks).toHaveLength(2);
});

test('the webhook process dies in the middle of the last callback: when the wait runs out, the task IDs come out', async () => {
	const id = await on.n8n.parked(on.sandbox, within(0.5), 2);
	await killInCallback();
	await on.n8n.instance.webhook.start();
	expectAllTimedOut(on.sandbox, await on.n8n.instance.execution(id, 180_000));
	expect(on.sandbox.tasks).toHaveLength(2);
});

test('the webhook process dies when it has answered and downloads the video: when the wait runs out, the task IDs come out', async () => {
	const id = await on.n8n.parked(on.sandbox, { ...within(0.5), downloadVideo: true, outputBinaryPropertyName: 'video' }, 1);
	on.sandbox.faults.add({ on: 'video', fault: { type: 'slow', delayMs: 20_000 } });
	settleAll(on.sandbox);
	await expectAllHeard(on.sandbox);
	await until('the download begins', () => on.sandbox.requests.some(({ endpoint }) => endpoint === 'video'));
	await on.n8n.instance.webhook.kill();
	await on.n8n.instance.webhook.start();
	expectAllTimedOut(on.sandbox, await on.n8n.instance.execution(id, 180_000));
	expect(on.sandbox.tasks).toHaveLength(1);
});

/** The execution sleeps, all workers die, and the callbacks come; gives the workers, first the one that has submitted. */
async function calledWithoutWorkers(): Promise<{ id: string; own: N8nServer; others: N8nServer[] }> {
	const id = await on.n8n.parked(on.sandbox, byCallback, 3);
	const own = await on.n8n.workerOf(id);
	await Promise.all(on.n8n.instance.workers.map(async (worker) => await worker.kill()));
	settleAll(on.sandbox);
	await expectAllHeard(on.sandbox);
	return { id, own, others: on.n8n.instance.workers.filter((worker) => worker !== own) };
}

test('no worker lives when the callbacks come: a worker that is started then finishes the execution', async () => {
	const { id, own, others } = await calledWithoutWorkers();
	await Promise.all(others.map(async (worker) => await worker.start()));
	expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	await own.start();
	expect(on.sandbox.tasks).toHaveLength(3);
});

test('the same, but the worker that has submitted starts first, and n8n may take the run for crashed: the log has the task IDs, Get Result has the videos', async () => {
	const { id, own, others } = await calledWithoutWorkers();
	await own.start();
	// n8n's own record of a killed worker says that the run never ended there.
	expect(['success', 'crashed']).toContain((await on.n8n.instance.execution(id)).status);
	const accepted = [...readLog(await own.log()).accepted.values()];
	expect(accepted).toEqual(expect.arrayContaining(on.sandbox.tasks.map(({ taskId }) => taskId)));
	const videos = await resultsOf(on, on.sandbox.tasks.map(({ taskId }) => taskId));
	expect(videos.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	await Promise.all(others.map(async (worker) => await worker.start()));
	expect(on.sandbox.tasks).toHaveLength(3);
});
