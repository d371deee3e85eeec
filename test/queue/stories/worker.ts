import type { IDataObject } from 'n8n-workflow';

import type { StoredWorkflow } from '../../../harness/n8n/workflow';
import { expectAllHeard } from '../../support/callbacks';
import { readLog, untilLogged } from '../../support/crash';
import { until } from '../../support/n8n';
import { byFileWithKey, expectCutOff, expectPaid, largeVideo, slowDown, untilUnderWay } from '../../support/upload';
import { hidreamName, videoItem } from '../../support/workflows';
import type { QueueContext } from '../support/queue';
import { byPolling, expectAllSucceeded, requestsTo, resultsOf, settleAll } from '../support/tasks';
import { byCallback } from '../../support/suspended';

/** kill -9 of a worker at a bad moment. */
export function worker(on: QueueContext): void {
	test('while it submits: no callback resumes the run, the log has the task IDs, Get Result has the videos, nothing is submitted twice', async () => {
		// The third request gets no response and creates no task.
		on.sandbox.faults.add({ on: 'submit', skip: 2, fault: { type: 'silence' } });
		const id = await on.n8n.started(on.sandbox, byCallback, [1, 2, 3].map((number) => videoItem(number)));
		await until('the third request is sent', () => requestsTo(on.sandbox, 'submit') === 3);
		const own = await on.n8n.workerOf(id);
		await untilLogged(on.sandbox, async () => await own.log());
		const { log } = await on.n8n.endWorkerOf(id);
		settleAll(on.sandbox);
		const callbacks = () => on.sandbox.tasks.flatMap((task) => task.callbacks.map(({ status }) => status));
		await until('HiDream gives up', () => callbacks().length === 2 * 3);
		// n8n's response for an execution that is not suspended, whether n8n sees it as running or as crashed.
		expect(callbacks()).toEqual(callbacks().map(() => 409));
		await own.start();
		await on.n8n.expectLost(id);

		const accepted = [...readLog(log).accepted.values()];
		expect(accepted).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
		expect(await resultsOf(on, accepted)).toMatchObject(accepted.map((task_id) => ({ task_id, status: 'succeeded' })));
		expect([on.sandbox.tasks.length, requestsTo(on.sandbox, 'submit')]).toEqual([2, 3]);
	});

	test('while it polls: the run fails without its worker, the log has the task IDs, nothing is submitted twice', async () => {
		const id = await on.n8n.submitted(on.sandbox, byPolling, 3);
		const own = await on.n8n.workerOf(id);
		await untilLogged(on.sandbox, async () => await own.log());
		const { log } = await on.n8n.endWorkerOf(id);
		await on.n8n.expectLost(id);
		await own.start();
		expect([...readLog(log).accepted.values()].sort()).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId).sort());
		expect(requestsTo(on.sandbox, 'submit')).toBe(3);
	});

	test('while it uploads a large file: there is no task; with the same key a rerun pays nothing, without a key it pays once', async () => {
		const filePath = await largeVideo(on.n8n.files);
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFileWithKey, readFile: true, settings: { onError: 'continueRegularOutput' } });
		slowDown(on.sandbox);
		const lost = await on.n8n.start(workflow, [{ filePath, key: 'first' }]);
		await untilUnderWay(on.sandbox);
		const { worker: own, log } = await on.n8n.endWorkerOf(lost);
		await expectCutOff(on.sandbox, log);
		expect(await outputOf(workflow, { filePath, key: 'first' })).toMatchObject([{ details: { status: 'uncertain', request_id: [...readLog(log).sent][0] } }]);
		expect(on.sandbox.tasks).toEqual([]);
		expectPaid(on.sandbox, await outputOf(workflow, { filePath }));
		await own.start();
		await on.n8n.expectLost(lost);
		expect(on.sandbox.tasks).toHaveLength(1);
	});

	/** Sends one item through the workflow; returns the output. */
	async function outputOf(workflow: StoredWorkflow, item: IDataObject): Promise<IDataObject[]> {
		const execution = await on.n8n.instance.execution(await on.n8n.start(workflow, [item]));
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		return execution.json(hidreamName);
	}

	test('no worker is alive when the callbacks come: the first worker to start finishes the runs of others; n8n may mark its own run as crashed, and Get Result has its videos', async () => {
		// Slow requests keep both workers busy, so each takes one of the two runs.
		const [ownSandbox, otherSandbox] = [on.sandbox, await on.anotherSandbox()];
		const ids: string[] = [];
		for (const sandbox of [ownSandbox, otherSandbox]) {
			sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 1_000 } });
			ids.push(await on.n8n.started(sandbox, byCallback, [1, 2, 3].map((number) => videoItem(number))));
		}
		const [ownId = '', otherId = ''] = ids;
		const own = await on.n8n.workerOf(ownId);
		expect(await on.n8n.workerOf(otherId)).not.toBe(own);
		await Promise.all(ids.map(async (id) => await on.n8n.untilSuspended(id)));
		await Promise.all(on.n8n.instance.workers.map(async (each) => await each.kill()));
		for (const sandbox of [ownSandbox, otherSandbox]) {
			settleAll(sandbox);
			await expectAllHeard(sandbox);
		}

		await own.start();
		expectAllSucceeded(otherSandbox, await on.n8n.instance.execution(otherId));
		// n8n's event log of a killed worker says that the run never ended there.
		expect(['success', 'crashed']).toContain((await on.n8n.instance.execution(ownId)).status);
		const taskIds = ownSandbox.tasks.map(({ taskId }) => taskId);
		expect([...readLog(await own.log()).accepted.values()]).toEqual(expect.arrayContaining(taskIds));
		expect((await resultsOf(on, taskIds)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect([ownSandbox, otherSandbox].map(({ tasks }) => tasks.length)).toEqual([3, 3]);
	});
}
