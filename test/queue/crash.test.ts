/** A worker is killed with -9, or asked to end, in the middle of a batch: its log accounts for every task, and a second run pays only for the rest. */
import { setTimeout as sleep } from 'node:timers/promises';

import { crashItems, crashSettings, expectAccounted, expectPaidOnce, prepareFor, untilHalfThrough } from '../support/crash';
import type { Moment } from '../support/crash';
import { until } from '../support/n8n';
import { byUrl, hidreamName } from '../support/workflows';
import { lostSooner, useQueue } from './support/queue';

jest.setTimeout(300_000);

// A worker that is asked to end waits for what it runs: by default for 30 s, longer than our harness does.
const on = useQueue(crashSettings, { ...lostSooner, N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10' });

test.each<['SIGKILL' | 'SIGTERM', number, Moment]>([
	['SIGKILL', 1, 'while answers are outstanding'],
	['SIGKILL', 5, 'at any moment'],
	// A deploy: n8n gives up on a batch that is not done in time.
	['SIGTERM', 5, 'while answers are outstanding'],
])('%s to the worker, %i at once, %s: the log accounts for every task, and with a "Submit Once Key" nothing is paid twice', async (signal, concurrency, moment) => {
	prepareFor(moment, on.sandbox);
	const options = { concurrency, submitOnceKey: '={{ $json.videoUrl }}' };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: { ...byUrl, options } });
	const lost = await on.n8n.start(workflow, crashItems);
	await untilHalfThrough(moment, on.sandbox, concurrency);
	const { worker, log } = await on.n8n.endWorkerOf(lost, signal);
	// What the stand-in had under way comes to its end.
	await sleep(1_000);
	on.sandbox.faults.clear();
	expectAccounted(on.sandbox, log, concurrency);

	// The batch is run again on the other worker, before n8n has seen that the first run is lost.
	const before = on.sandbox.tasks.length;
	const execution = await on.n8n.instance.execution(await on.n8n.start(workflow, crashItems));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(['error', 'crashed']).toContain((await on.n8n.instance.execution(lost, 200_000)).status);
	expectPaidOnce(on.sandbox, before, execution.json(hidreamName), concurrency);
	await worker.start();
});

test('SIGTERM to the worker, as in a deploy: a batch that is done in time is finished, each video once', async () => {
	on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 1_000 } });
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
	await own.start();
});
