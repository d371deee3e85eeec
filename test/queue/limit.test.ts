/** A batch that sleeps in n8n's own Wait node until the account may be sent more: nobody need live meanwhile. */
import { runWorkflow } from '../../harness/n8n/workflow';
import { example } from '../../scripts/demo/examples';
import { useQueue } from './support/queue';

jest.setTimeout(400_000);

// The example starts by hand: n8n runs such executions in main unless told otherwise.
const on = useQueue({ tasksPerMinute: 2 }, { OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true' });

test('main and all workers die while the batch sleeps, and start again: it goes on, and each video is one task', async () => {
	const { instance } = on.n8n;
	const credential = await on.n8n.credential(on.sandbox, { tasksPerMinute: 2 });
	const videoUrls = [1, 2, 3].map((n) => `${on.sandbox.url}/media/sample.mp4?n=${n}`);
	const workflow = await example('batch-without-a-worker.json', { videoUrls: JSON.stringify(videoUrls) });
	const id = await runWorkflow(instance.rest, await instance.importWorkflow(workflow, [credential]));
	await on.n8n.workerOf(id);
	await on.n8n.untilAsleep(id);
	expect(on.sandbox.tasks).toHaveLength(2);

	await Promise.all([instance, ...instance.workers].map(async (each) => await each.kill()));
	expect(await instance.executionStatus(id)).toBe('waiting');
	await instance.startMissing();
	const execution = await instance.execution(id, 300_000);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(on.sandbox.tasks.map(({ video }) => video)).toEqual(videoUrls.map((url) => ({ kind: 'url', url })));
	const ids = execution.runs('Submitted').flatMap((_, run) => execution.items('Submitted', 0, run).map(({ json }) => json['task_id']));
	expect([...ids].sort()).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId).sort());
	expect(execution.runs('Not submitted')).toEqual([]);
});
