import { executionAsleep } from '../../harness/n8n/execution';
import { runWorkflow } from '../../harness/n8n/workflow';
import { example } from '../../scripts/demo/examples';
import { imported } from './examples/support';
import { useN8n } from '../support/n8n';

jest.setTimeout(400_000);

const on = useN8n({ tasksPerMinute: 2 });

test('the example batch: two videos a minute, the third after a sleep that holds no worker, and one that cannot be sent holds nobody up', async () => {
	const credential = await on.n8n.credential(on.sandbox, { tasksPerMinute: 2 });
	const videoUrls = [1, 2, 3].map((n) => `${on.sandbox.url}/media/sample.mp4?n=${n}`);
	const workflow = await example('batch-without-a-worker.json', { videoUrls: JSON.stringify(['no address', ...videoUrls]) });
	const stored = await on.n8n.instance.importWorkflow(workflow, [credential]);
	const id = await runWorkflow(on.n8n.instance.rest, stored);
	await executionAsleep(on.n8n.instance.rest, id);
	expect(on.sandbox.tasks).toHaveLength(2);

	const execution = await on.n8n.instance.execution(id, 300_000);
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	const submits = on.sandbox.requests.filter(({ method }) => method === 'POST');
	expect(submits.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect(on.sandbox.tasks.map(({ video }) => video)).toEqual(videoUrls.map((url) => ({ kind: 'url', url })));
	expect(execution.json('Not submitted')).toMatchObject([{ message: expect.stringContaining('"Video URL"') as string, details: { status: 'invalid' } }]);
	const ids = execution.runs('Submitted').flatMap((_, run) => execution.items('Submitted', 0, run).map(({ json }) => json['task_id']));
	expect([...ids].sort()).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId).sort());
});

test('what may have been paid for comes out apart from what was not submitted', async () => {
	const videoUrls = JSON.stringify(['no address', ...[1, 2].map((n) => `${on.sandbox.url}/media/sample.mp4?n=${n}`)]);
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
	const execution = await on.n8n.instance.run(await imported(on, 'batch-without-a-worker.json', { videoUrls }));
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	expect(execution.json('Look before you send again')).toMatchObject([{ details: { status: 'uncertain' } }]);
	expect(execution.json('Not submitted')).toMatchObject([{ details: { status: 'invalid' } }]);
	expect(execution.json('Submitted')).toHaveLength(1);
});
