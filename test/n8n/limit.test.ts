import { executionEnd } from '../../harness/n8n/execution';
import { runWorkflow } from '../../harness/n8n/workflow';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { example } from '../../scripts/demo/examples';
import { Bench } from './support/bench';

jest.setTimeout(400_000);

let bench: Bench;
let sandbox: Sandbox;

beforeAll(async () => {
	bench = await Bench.open();
	sandbox = await startSandbox({ accountLevel: 'level4' });
});
afterAll(async () => {
	await sandbox?.close();
	await bench?.close();
});

test('the example batch: two videos a minute, the third after a sleep that holds no worker', async () => {
	const credential = await bench.credential(sandbox, { tasksPerMinute: 2 });
	const videoUrls = [1, 2, 3].map((n) => `${sandbox.url}/media/sample.mp4?n=${n}`);
	const workflow = await example('batch-without-a-worker.json', { videoUrls: JSON.stringify(videoUrls) });
	const stored = await bench.n8n.importWorkflow(workflow, [credential]);
	const id = await runWorkflow(bench.n8n.rest, stored);
	const asleep = await executionEnd(bench.n8n.rest, id, 60_000, new Set(['new', 'running', 'unknown']));
	expect(asleep.status).toBe('waiting');
	expect(sandbox.tasks).toHaveLength(2);

	const execution = await bench.n8n.execution(id, 300_000);
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	const submits = sandbox.requests.filter(({ method }) => method === 'POST');
	expect(submits.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect(sandbox.tasks.map(({ video }) => video)).toEqual(videoUrls.map((url) => ({ kind: 'url', url })));
	const ids = execution.runs('Submitted').flatMap((_, run) => execution.items('Submitted', 0, run).map(({ json }) => json['task_id']));
	expect([...ids].sort()).toEqual(sandbox.tasks.map(({ taskId }) => taskId).sort());
});
