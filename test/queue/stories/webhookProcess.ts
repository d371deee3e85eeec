import type { INodeParameters } from 'n8n-workflow';

import type { Sandbox } from '../../../sandbox';
import { expectAllHeard } from '../../support/callbacks';
import { until } from '../../support/n8n';
import { callBack } from '../../support/triggerWorkflow';
import type { QueueContext } from '../support/queue';
import { expectAllSucceeded, expectAllTimedOut, requestsTo, settleAll } from '../support/tasks';
import { byCallback } from '../../support/suspended';

/** Half a minute, so that the kill comes before the end of the wait. */
const shortWait: INodeParameters = { ...byCallback, options: { maxWait: 0.5 } };

const statuses = ({ tasks }: Sandbox): Array<number | undefined> => tasks.flatMap(({ callbacks }) => callbacks.map(({ status }) => status));

/** kill -9 of the webhook process while it handles callbacks. */
export function webhookProcess(on: QueueContext): void {
	/** All tasks succeed, and the webhook process starts on a callback that it cannot finish. */
	async function untilInCallback(sandbox: Sandbox): Promise<void> {
		const before = requestsTo(sandbox, 'batch');
		sandbox.faults.add({ on: 'batch', times: Infinity, fault: { type: 'slow', delayMs: 10_000 } });
		settleAll(sandbox);
		await until('a callback requests the status', () => requestsTo(sandbox, 'batch') > before);
	}

	test('the next callback resumes the execution; without one, the output has the task IDs after the wait', async () => {
		const [calledAgain, notCalledAgain, downloading] = [on.sandbox, await on.anotherSandbox(), await on.anotherSandbox()];
		const again = await on.n8n.suspended(calledAgain, byCallback, 2);
		const download = await on.n8n.suspended(downloading, { ...shortWait, downloadVideo: true, outputBinaryPropertyName: 'video' }, 1);
		const notAgain = await on.n8n.suspended(notCalledAgain, shortWait, 2);

		// One callback has its response and downloads the video; the others still wait for their response.
		downloading.faults.add({ on: 'video', fault: { type: 'slow', delayMs: 20_000 } });
		settleAll(downloading);
		await expectAllHeard(downloading);
		await until('the download begins', () => requestsTo(downloading, 'video') === 1);
		await Promise.all([calledAgain, notCalledAgain].map(untilInCallback));
		await on.n8n.instance.webhook.kill();
		for (const sandbox of [calledAgain, notCalledAgain]) {
			await until('HiDream gives up', () => statuses(sandbox).length === 2 * 3);
			expect(statuses(sandbox).filter((status) => status !== undefined)).toEqual([]);
			sandbox.faults.clear();
		}

		await on.n8n.instance.webhook.start();
		expect(await on.n8n.instance.executionStatus(again)).toBe('waiting');
		const [task] = calledAgain.tasks;
		expect(await callBack(task?.notifyUrl ?? '', { main_task_id: task?.taskId, sub_task_results: [] })).toBe(200);
		expectAllSucceeded(calledAgain, await on.n8n.instance.execution(again));

		// Main checks for overdue waits once a minute, and when it starts.
		await on.n8n.instance.restart();
		expectAllTimedOut(notCalledAgain, await on.n8n.instance.execution(notAgain));
		expectAllTimedOut(downloading, await on.n8n.instance.execution(download));
		expect([calledAgain, notCalledAgain, downloading].map(({ tasks }) => tasks.length)).toEqual([2, 2, 1]);
	});
}
