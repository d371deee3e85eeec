/** Waiting by callback over processes: a worker submits and resumes, another process hears the callbacks. */
import type { INodeParameters } from 'n8n-workflow';

import { startSandbox } from '../../sandbox';
import { expectAllHeard, expectHeard } from '../support/callbacks';
import { readLog, untilLogged } from '../support/crash';
import { until } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';
import { call, lostSooner, useQueue } from './support/queue';
import { resultsOf } from './support/results';
import { expectAllSucceeded, expectAllTimedOut, settleAll } from './support/tasks';

jest.setTimeout(240_000);

// Tasks end when a test says so.
const on = useQueue({ taskSeconds: 3_600 }, lostSooner);

const byCallback: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'callback' };

test('three callbacks in one instant: all are heard, and the execution wakes once with all results', async () => {
	const id = await on.n8n.parked(on.sandbox, byCallback, 3);
	expect(on.sandbox.tasks.every(({ notifyUrl }) => notifyUrl?.startsWith(on.n8n.instance.url))).toBe(true);
	settleAll(on.sandbox);
	expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	await expectAllHeard(on.sandbox);
});

test('callbacks that reach two processes in one instant: all are heard, and the execution wakes once', async () => {
	const silent = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 3_600, callbacks: 'off' });
	const id = await on.n8n.parked(silent, byCallback, 4);
	settleAll(silent);
	const hosts = [on.n8n.instance.url, on.n8n.instance.mainUrl];
	const answers = silent.tasks.map(async ({ taskId, notifyUrl }, i) => {
		const url = (notifyUrl ?? '').replace(on.n8n.instance.url, hosts[i % 2] ?? '');
		return await call(url, { main_task_id: taskId, sub_task_results: [] });
	});
	expectHeard(await Promise.all(answers));
	expectAllSucceeded(silent, await on.n8n.instance.execution(id));
	await silent.close();
});

test('kill -9 of every worker and the webhook process while it sleeps: after a restart the callbacks wake it', async () => {
	const id = await on.n8n.parked(on.sandbox, byCallback, 3);
	const processes = [...on.n8n.instance.workers, on.n8n.instance.webhook];
	await Promise.all(processes.map(async (server) => await server.kill()));
	await Promise.all(processes.map(async (server) => await server.start()));
	settleAll(on.sandbox);
	expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	await expectAllHeard(on.sandbox);
});

test('kill -9 of the worker while it still submits: no callback wakes the run, but the log has the task IDs, Get Result has the videos, and nothing is submitted twice', async () => {
	// The third gets no answer, and no task.
	on.sandbox.faults.add({ on: 'submit', skip: 2, fault: { type: 'silence' } });
	const submits = () => on.sandbox.requests.filter(({ endpoint }) => endpoint === 'submit');
	const id = await on.n8n.started(on.sandbox, byCallback, [1, 2, 3].map((number) => videoItem(number)));
	await until('the third is under way', () => submits().length === 3);
	const own = await on.n8n.workerOf(id);
	await untilLogged(on.sandbox, async () => await own.log());
	const { log } = await on.n8n.endWorkerOf(id);
	settleAll(on.sandbox);
	const callbacks = () => on.sandbox.tasks.flatMap((task) => task.callbacks.map(({ status }) => status));
	await until('HiDream gives up', () => callbacks().length === 2 * 3);
	// n8n's word for an execution that does not sleep, whether it takes it for running or for dead.
	expect(callbacks()).toEqual(callbacks().map(() => 409));
	expect(['error', 'crashed']).toContain((await on.n8n.instance.execution(id, 200_000)).status);

	const accepted = [...readLog(log).accepted.values()];
	expect(accepted).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
	expect(await resultsOf(on, accepted)).toMatchObject(accepted.map((task_id) => ({ task_id, status: 'succeeded' })));
	expect([on.sandbox.tasks.length, submits().length]).toEqual([2, 3]);
	await own.start();
});

test('the process that hears the callbacks downloads each video once, byte for byte', async () => {
	const id = await on.n8n.parked(on.sandbox, { ...byCallback, downloadVideo: true, outputBinaryPropertyName: 'video' }, 2);
	settleAll(on.sandbox);
	const execution = await on.n8n.instance.execution(id);
	expectAllSucceeded(on.sandbox, execution);
	const binaries = execution.items(hidreamName).map(({ binary }) => binary?.['video']);
	expect(binaries.map((binary) => binary?.mimeType)).toEqual(['video/mp4', 'video/mp4']);
	for (const binary of binaries) await on.n8n.expectResultVideo(binary?.id);
	const downloads = on.sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
	expect(downloads.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined]);
});

test('a forged callback wakes nobody, whichever process hears it', async () => {
	const id = await on.n8n.parked(on.sandbox, byCallback, 2);
	const [task] = on.sandbox.tasks;
	const lie = { main_task_id: task?.taskId, sub_task_results: [{ task_status: 1, video: 'https://evil.example/x.mp4' }] };
	const atMain = (task?.notifyUrl ?? '').replace(on.n8n.instance.url, on.n8n.instance.mainUrl);
	expect(await Promise.all([call(task?.notifyUrl ?? '', lie), call(atMain, lie)])).toEqual([503, 503]);
	expect(await on.n8n.instance.executionStatus(id)).toBe('waiting');
	settleAll(on.sandbox);
	const execution = await on.n8n.instance.execution(id);
	expectAllSucceeded(on.sandbox, execution);
	expect(execution.raw).not.toContain('evil.example');
});

test('when the wait runs out, the task IDs come out', async () => {
	const id = await on.n8n.parked(on.sandbox, { ...byCallback, options: { maxWait: 0.1 } }, 2);
	expectAllTimedOut(on.sandbox, await on.n8n.instance.execution(id));
});
