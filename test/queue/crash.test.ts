/** A worker is killed with -9 in the middle of a batch: its log accounts for every task, and a second run pays only for the rest. */
import { setTimeout as sleep } from 'node:timers/promises';

import { crashItems, crashSettings, expectAccounted, expectPaidOnce, prepareFor, untilHalfThrough } from '../n8n/support/crash';
import type { Moment } from '../n8n/support/crash';
import { byUrl, hidreamName } from '../n8n/support/workflows';
import { lostSooner, useQueueBench } from './support/bench';

jest.setTimeout(300_000);

const on = useQueueBench(crashSettings, lostSooner);

test.each<[number, Moment]>([
	[1, 'while answers are outstanding'],
	[5, 'at any moment'],
])('%i at once, %s: the log accounts for every task, and with a "Submit Once Key" nothing is paid twice', async (concurrency, moment) => {
	prepareFor(moment, on.sandbox);
	const options = { concurrency, submitOnceKey: '={{ $json.videoUrl }}' };
	const workflow = await on.bench.workflow(await on.bench.credential(on.sandbox), { parameters: { ...byUrl, options } });
	const lost = await on.bench.start(workflow, crashItems);
	await untilHalfThrough(moment, on.sandbox, concurrency);
	const { worker, log } = await on.bench.killWorkerOf(lost);
	// What the stand-in had under way comes to its end.
	await sleep(1_000);
	on.sandbox.faults.clear();
	expectAccounted(on.sandbox, log, concurrency);

	// The batch is run again on the other worker, before n8n has seen that the first run is lost.
	const before = on.sandbox.tasks.length;
	const execution = await on.bench.n8n.execution(await on.bench.start(workflow, crashItems));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(['error', 'crashed']).toContain((await on.bench.n8n.execution(lost, 200_000)).status);
	expectPaidOnce(on.sandbox, before, execution.json(hidreamName), concurrency);
	await worker.start();
});
