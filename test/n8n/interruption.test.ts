import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { newestExecution } from '../../harness/n8n/execution';
import { byFile, expectCutOff, expectPaid, largeVideo, slowDown, untilUnderWay } from '../support/upload';
import { until, useN8n } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(180_000);

const on = useN8n();

test('Stop breaks the upload off at once', async () => {
	const filePath = join(on.n8n.files, 'long.mp4');
	await writeFile(filePath, Buffer.alloc(60 * 1024 * 1024, 'a long video\0'));
	const parameters = { operation: 'submit', inputType: 'binary', style: 'anime', options: {} };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, readFile: true });
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 4_000_000 } });
	const call = on.n8n.instance.callWebhook(workflow.name, { items: [{ filePath }] }).catch(() => undefined);
	await until('the upload begins', () => (on.sandbox.requests[0]?.bodyBytes ?? 0) > 0);

	const id = await newestExecution(on.n8n.instance.rest, workflow.id);
	await on.n8n.instance.rest.call('POST', `/executions/${id}/stop`, {});
	expect((await on.n8n.instance.execution(id)).status).toBe('canceled');
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
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters });
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'silence', create: true } });
	const call = on.n8n.instance.callWebhook(workflow.name, { items: [videoItem(1)] }).catch(() => undefined);
	await until('the upload begins', () => on.sandbox.tasks.length === 1);
	await on.n8n.instance.kill();
	await call;
	await on.n8n.instance.restart();
	await on.n8n.instance.activate(workflow);

	const { execution } = await on.n8n.send(workflow, [videoItem(1), videoItem(2)]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(on.sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['video 1', 'video 2']);
	const [again, other] = execution.json(hidreamName);
	expect(again?.['task_id']).not.toBe(on.sandbox.tasks[0]?.taskId);
	expect(other).toMatchObject({ status: 'submitted', task_id: on.sandbox.tasks[1]?.taskId });
});

test('kill -9 while a file goes out: there is no task, the log tells the request, and running it again pays once', async () => {
	const filePath = await largeVideo(on.n8n.files);
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFile, readFile: true });
	const earlier = (await on.n8n.instance.log()).length;
	slowDown(on.sandbox);
	const call = on.n8n.instance.callWebhook(workflow.name, { items: [{ filePath }] }).catch(() => undefined);
	await untilUnderWay(on.sandbox);
	await on.n8n.instance.kill();
	await call;
	await expectCutOff(on.sandbox, (await on.n8n.instance.log()).slice(earlier));

	await on.n8n.instance.restart();
	await on.n8n.instance.activate(workflow);
	const { execution } = await on.n8n.send(workflow, [{ filePath }]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expectPaid(on.sandbox, execution.json(hidreamName));
});
