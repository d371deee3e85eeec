import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { newestExecution } from '../../harness/n8n/execution';
import type { Sandbox } from '../../sandbox';
import { Bench, fastSandbox } from './support/bench';
import { byUrl, hidreamName, videoItem } from './support/workflows';

jest.setTimeout(180_000);

let bench: Bench;
let sandbox: Sandbox;

beforeAll(async () => {
	bench = await Bench.open();
});
afterAll(async () => await bench?.close());
beforeEach(async () => {
	sandbox = await fastSandbox();
});
afterEach(async () => await sandbox.close());

async function until(condition: () => boolean): Promise<void> {
	for (const deadline = Date.now() + 20_000; !condition(); await sleep(50)) {
		if (Date.now() > deadline) throw new Error('It did not happen within 20 s.');
	}
}

test('Stop breaks the upload off at once', async () => {
	const filePath = join(bench.files, 'long.mp4');
	await writeFile(filePath, Buffer.alloc(60 * 1024 * 1024, 'a long video '));
	const parameters = { operation: 'submit', inputType: 'binary', style: 'anime', options: {} };
	const workflow = await bench.workflow(await bench.credential(sandbox), { parameters, readFile: true });
	sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 4_000_000 } });
	const call = bench.n8n.callWebhook(workflow.name, { items: [{ filePath }] }).catch(() => undefined);
	await until(() => (sandbox.requests[0]?.bodyBytes ?? 0) > 0);

	const id = await newestExecution(bench.n8n.rest, workflow.id);
	await bench.n8n.rest.call('POST', `/executions/${id}/stop`, {});
	expect((await bench.n8n.execution(id)).status).toBe('canceled');
	// What lies in the sockets' buffers still arrives, a few megabytes; the whole upload would take 20 s.
	await sleep(4_000);
	const seen = sandbox.requests[0]?.bodyBytes;
	await sleep(1_000);
	expect(sandbox.requests[0]).toMatchObject({ completed: false, bodyBytes: seen });
	expect(seen).toBeLessThan(40_000_000);
	expect(sandbox.tasks).toHaveLength(0);
	await call;
});

test('a "Submit Once Key" holds over a crash of n8n in the middle of a submit', async () => {
	const parameters = { ...byUrl, options: { submitOnceKey: '={{ $json.videoUrl }}' } };
	const workflow = await bench.workflow(await bench.credential(sandbox), { parameters });
	sandbox.faults.add({ on: 'submit', fault: { type: 'silence', create: true } });
	const call = bench.n8n.callWebhook(workflow.name, { items: [videoItem(1)] }).catch(() => undefined);
	await until(() => sandbox.tasks.length === 1);
	await bench.n8n.kill();
	await call;
	await bench.n8n.restart();
	await bench.n8n.activate(workflow);

	const { execution } = await bench.send(workflow, [videoItem(1), videoItem(2)]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['video 1', 'video 2']);
	const [again, other] = execution.json(hidreamName);
	expect(again?.['task_id']).not.toBe(sandbox.tasks[0]?.taskId);
	expect(other).toMatchObject({ status: 'submitted', task_id: sandbox.tasks[1]?.taskId });
});
