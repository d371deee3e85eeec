/** A batch that sleeps in n8n's own Wait node until the account may be sent more: nobody need live meanwhile. */
import { runWorkflow } from '../../harness/n8n/workflow';
import { example } from '../../scripts/demo/examples';
import { useQueueBench } from './support/bench';

jest.setTimeout(400_000);

// The example starts by hand: n8n runs such executions in main unless told otherwise.
const on = useQueueBench({ tasksPerMinute: 2 }, { OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true' });

test('main and all workers die while the batch sleeps, and start again: it goes on, and each video is one task', async () => {
	const { n8n } = on.bench;
	const credential = await on.bench.credential(on.sandbox, { tasksPerMinute: 2 });
	const videoUrls = [1, 2, 3].map((n) => `${on.sandbox.url}/media/sample.mp4?n=${n}`);
	const workflow = await example('batch-without-a-worker.json', { videoUrls: JSON.stringify(videoUrls) });
	const id = await runWorkflow(n8n.rest, await n8n.importWorkflow(workflow, [credential]));
	await on.bench.workerOf(id);
	await on.bench.untilAsleep(id);
	expect(on.sandbox.tasks).toHaveLength(2);

	await Promise.all([n8n, ...n8n.workers].map(async (each) => await each.kill()));
	expect(await n8n.executionStatus(id)).toBe('waiting');
	await n8n.startMissing();
	const execution = await n8n.execution(id, 300_000);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(on.sandbox.tasks.map(({ video }) => video)).toEqual(videoUrls.map((url) => ({ kind: 'url', url })));
	const ids = execution.runs('Submitted').flatMap((_, run) => execution.items('Submitted', 0, run).map(({ json }) => json['task_id']));
	expect([...ids].sort()).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId).sort());
	expect(execution.runs('Not submitted')).toEqual([]);
});
