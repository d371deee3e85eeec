import { setTimeout as sleep } from 'node:timers/promises';

import type { Moment } from '../../support/crash';
import { crashItems, expectAccounted, expectPaidOnce, prepareFor, untilHalfThrough } from '../../support/crash';
import { until } from '../../support/n8n';
import { byUrl, hidreamName } from '../../support/workflows';
import type { QueueContext } from '../support/queue';

const concurrency = 5;

/** A worker ends in the middle of a batch, by kill -9 or by SIGTERM as in a deploy. */
export function batch(on: QueueContext): void {
	test.each<['SIGKILL' | 'SIGTERM', Moment]>([
		['SIGKILL', 'at any moment'],
		['SIGKILL', 'while responses are outstanding'],
		// n8n gives up on a batch that is not done within N8N_GRACEFUL_SHUTDOWN_TIMEOUT.
		['SIGTERM', 'while responses are outstanding'],
	])('%s to the worker, %s: the log accounts for every task, and with an idempotency key a rerun pays only for the rest', async (signal, moment) => {
		prepareFor(moment, on.sandbox);
		const options = { concurrency, idempotencyKey: '={{ $json.videoUrl }}' };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: { ...byUrl, options }, settings: { onError: 'continueRegularOutput' } });
		const lost = await on.n8n.start(workflow, crashItems);
		await untilHalfThrough(moment, on.sandbox, concurrency);
		const { worker, log } = await on.n8n.endWorkerOf(lost, signal);
		// The fake HiDream server finishes what it has received.
		await sleep(1_000);
		on.sandbox.faults.clear();
		expectAccounted(on.sandbox, log, concurrency);

		// The other worker runs the batch again before n8n marks the first run as lost.
		const before = on.sandbox.tasks.length;
		const execution = await on.n8n.instance.execution(await on.n8n.start(workflow, crashItems));
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		await worker.start();
		await on.n8n.expectLost(lost);
		expectPaidOnce(on.sandbox, before, execution.json(hidreamName), concurrency);
	});

	test('SIGTERM to the worker: a batch that ends within the grace period is finished, each video once', async () => {
		on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 500 } });
		const items = crashItems.slice(0, 8);
		const id = await on.n8n.started(on.sandbox, { ...byUrl, options: { concurrency: 2 } }, items);
		const own = await on.n8n.workerOf(id);
		await until('some are submitted', () => on.sandbox.tasks.length >= 2);
		expect(on.sandbox.tasks.length).toBeLessThan(items.length);
		await own.stop();
		const execution = await on.n8n.instance.execution(id);
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect(await own.log()).toContain('Received SIGTERM');
		expect(execution.json(hidreamName).map(({ prompt }) => prompt)).toEqual(items.map(({ number }) => `video ${String(number)}`));
		expect(execution.json(hidreamName).map(({ task_id }) => task_id).sort()).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId).sort());
	});
}
