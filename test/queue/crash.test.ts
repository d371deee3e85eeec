/** A worker is killed with -9 in the middle of a batch: its log accounts for every task, and a second run pays only for the rest. */
import { setTimeout as sleep } from 'node:timers/promises';

import { newestExecution } from '../../harness/n8n/execution';
import type { N8nServer } from '../../harness/n8n/server';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { crashItems, crashSettings, expectAccounted, expectPaidOnce, prepareFor, untilHalfThrough } from '../n8n/support/crash';
import type { Moment } from '../n8n/support/crash';
import { byUrl, hidreamName } from '../n8n/support/workflows';
import { lostSooner, QueueBench, until } from './support/bench';

jest.setTimeout(300_000);

let bench: QueueBench;
let sandbox: Sandbox;
/** How much each worker had written before the test, since all tests of the file share the workers. */
let written: Map<N8nServer, number>;

beforeAll(async () => {
	bench = await QueueBench.open(lostSooner);
});
afterAll(async () => await bench?.close());
beforeEach(async () => {
	sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, ...crashSettings });
	written = new Map(await Promise.all(bench.n8n.workers.map(async (worker) => [worker, (await worker.log()).length] as const)));
});
afterEach(async () => await sandbox.close());

/** Starts the batch; gives the execution's ID, which n8n may have a moment after it answered the webhook. */
async function start(workflow: StoredWorkflow, earlier?: string): Promise<string> {
	expect((await bench.n8n.callWebhook(workflow.name, { items: crashItems })).status).toBe(200);
	let id = earlier;
	await until('n8n has the execution', async () => (id = await newestExecution(bench.n8n.rest, workflow.id).catch(() => earlier)) !== earlier);
	return id ?? '';
}

/** Kills the worker that has submitted to this stand-in; gives what it wrote. */
async function killTheWorker(): Promise<{ worker: N8nServer; log: string }> {
	const [taskId = ''] = sandbox.tasks.map((task) => task.taskId);
	const logs = await Promise.all(bench.n8n.workers.map(async (worker) => ({ worker, log: await worker.log() })));
	const [own, ...more] = logs.filter(({ log }) => log.includes(taskId));
	if (own === undefined || more.length > 0) throw new Error(`Task ${taskId} is in the logs of ${more.length} workers.`);
	await own.worker.kill();
	return { worker: own.worker, log: (await own.worker.log()).slice(written.get(own.worker)) };
}

test.each<[number, Moment]>([
	[1, 'while answers are outstanding'],
	[5, 'at any moment'],
])('%i at once, %s: the log accounts for every task, and with a "Submit Once Key" nothing is paid twice', async (concurrency, moment) => {
	prepareFor(moment, sandbox);
	const options = { concurrency, submitOnceKey: '={{ $json.videoUrl }}' };
	const workflow = await bench.workflow(sandbox, { ...byUrl, options });
	const lost = await start(workflow);
	await untilHalfThrough(moment, sandbox, concurrency);
	const { worker, log } = await killTheWorker();
	// What the stand-in had under way comes to its end.
	await sleep(1_000);
	sandbox.faults.clear();
	expectAccounted(sandbox, log, concurrency);

	// The batch is run again on the other worker, before n8n has seen that the first run is lost.
	const before = sandbox.tasks.length;
	const execution = await bench.n8n.execution(await start(workflow, lost));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(['error', 'crashed']).toContain((await bench.n8n.execution(lost, 200_000)).status);
	expectPaidOnce(sandbox, before, execution.json(hidreamName), concurrency);
	await worker.start();
});
