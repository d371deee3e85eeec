import { setTimeout as sleep } from 'node:timers/promises';

import { expectAllHeard } from '../../support/callbacks';
import { until } from '../../support/n8n';
import { videoItem } from '../../support/workflows';
import type { QueueContext } from '../support/queue';
import { byPolling, expectAllSucceeded, expectAllTimedOut, requestsTo, settleAll } from '../support/tasks';
import { byCallback } from '../../support/suspended';

/** kill -9 of main while the workers and the webhook process keep running. */
export function main(on: QueueContext): void {
	test('workers keep polling and submitting, callbacks resume an execution, and a restarted main ends an overdue wait', async () => {
		const [polled, submitted, overdue] = [on.sandbox, await on.anotherSandbox(), await on.anotherSandbox()];
		const wait = 0.1;
		const overdueId = await on.n8n.suspended(overdue, { ...byCallback, options: { maxWait: wait } }, 2);
		const polledId = await on.n8n.submitted(polled, byPolling, 3);
		submitted.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 1_000 } });
		const submittedId = await on.n8n.started(submitted, byCallback, [1, 2, 3].map((number) => videoItem(number)));
		await until('the first video is submitted', () => submitted.tasks.length === 1);
		await on.n8n.instance.kill();

		const before = requestsTo(polled, 'batch');
		await until('the worker keeps polling', () => requestsTo(polled, 'batch') > before + 1);
		await until('all videos are submitted', () => submitted.tasks.length === 3);
		await on.n8n.untilSuspended(submittedId);
		settleAll(polled);
		settleAll(submitted);
		await expectAllHeard(submitted);
		await sleep(wait * 60_000);
		expect(await on.n8n.instance.executionStatus(overdueId)).toBe('waiting');

		await on.n8n.instance.restart();
		expectAllSucceeded(polled, await on.n8n.instance.execution(polledId));
		expectAllSucceeded(submitted, await on.n8n.instance.execution(submittedId));
		expectAllTimedOut(overdue, await on.n8n.instance.execution(overdueId));
		expect([polled, submitted, overdue].map(({ tasks }) => tasks.length)).toEqual([3, 3, 2]);
	});
}
