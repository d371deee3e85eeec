import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { newestExecution } from '../../harness/n8n/execution';
import { byFile, expectCutOff, expectPaid, largeVideo, slowDown, untilUnderWay } from './support/upload';
import { until, useBench } from './support/useBench';
import { byUrl, hidreamName, videoItem } from './support/workflows';

jest.setTimeout(180_000);

const on = useBench();

test('Stop breaks the upload off at once', async () => {
	const filePath = join(on.bench.files, 'long.mp4');
	await writeFile(filePath, Buffer.alloc(60 * 1024 * 1024, 'a long video\0'));
	const parameters = { operation: 'submit', inputType: 'binary', style: 'anime', options: {} };
	const workflow = await on.bench.workflow(await on.bench.credential(on.sandbox), { parameters, readFile: true });
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 4_000_000 } });
	const call = on.bench.n8n.callWebhook(workflow.name, { items: [{ filePath }] }).catch(() => undefined);
	await until('the upload begins', () => (on.sandbox.requests[0]?.bodyBytes ?? 0) > 0);

	const id = await newestExecution(on.bench.n8n.rest, workflow.id);
	await on.bench.n8n.rest.call('POST', `/executions/${id}/stop`, {});
	expect((await on.bench.n8n.execution(id)).status).toBe('canceled');
	// What lies in the sockets' buffers still arrives, a few megabytes; the whole upload would take 20 s.
	await sleep(4_000);
	const seen = on.sandbox.requests[0]?.bodyBytes;
	await sleep(1_000);
	expect(on.sandbox.requests[0]).toMatchObject({ completed: false, bodyBytes: seen });
	expect(seen).toBeLessThan(40_000_000);
	expect(on.sandbox.tasks).toHaveLength(0);
	await call;
});

test('a "Submit Once Key" holds over a crash of n8n in the middle of a submit', async () => {
	const parameters = { ...byUrl, options: { submitOnceKey: '={{ $json.videoUrl }}' } };
	const workflow = await on.bench.workflow(await on.bench.credential(on.sandbox), { parameters });
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'silence', create: true } });
	const call = on.bench.n8n.callWebhook(workflow.name, { items: [videoItem(1)] }).catch(() => undefined);
	await until('the upload begins', () => on.sandbox.tasks.length === 1);
	await on.bench.n8n.kill();
	await call;
	await on.bench.n8n.restart();
	await on.bench.n8n.activate(workflow);

	const { execution } = await on.bench.send(workflow, [videoItem(1), videoItem(2)]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(on.sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['video 1', 'video 2']);
	const [again, other] = execution.json(hidreamName);
	expect(again?.['task_id']).not.toBe(on.sandbox.tasks[0]?.taskId);
	expect(other).toMatchObject({ status: 'submitted', task_id: on.sandbox.tasks[1]?.taskId });
});

test('kill -9 while a file goes out: there is no task, the log tells the request, and running it again pays once', async () => {
	const filePath = await largeVideo(on.bench.files);
	const workflow = await on.bench.workflow(await on.bench.credential(on.sandbox), { parameters: byFile, readFile: true });
	const earlier = (await on.bench.n8n.log()).length;
	slowDown(on.sandbox);
	const call = on.bench.n8n.callWebhook(workflow.name, { items: [{ filePath }] }).catch(() => undefined);
	await untilUnderWay(on.sandbox);
	await on.bench.n8n.kill();
	await call;
	await expectCutOff(on.sandbox, (await on.bench.n8n.log()).slice(earlier));

	await on.bench.n8n.restart();
	await on.bench.n8n.activate(workflow);
	const { execution } = await on.bench.send(workflow, [{ filePath }]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expectPaid(on.sandbox, execution.json(hidreamName));
});
