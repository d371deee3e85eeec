import { expectAllHeard, expectHeard } from '../../support/callbacks';
import { hidreamName } from '../../support/workflows';
import { callBack } from '../../support/triggerWorkflow';
import type { QueueContext } from '../support/queue';
import { expectAllSucceeded, settleAll } from '../support/tasks';
import { byCallback } from '../../support/suspended';

/** A worker submits, the webhook process or main receives the callbacks, and any worker finishes the execution. */
export function callbacks(on: QueueContext): void {
	test('three concurrent callbacks resume the execution once; each video is downloaded once, byte for byte', async () => {
		const id = await on.n8n.suspended(on.sandbox, { ...byCallback, downloadVideo: true, outputBinaryPropertyName: 'video' }, 3);
		expect(on.sandbox.tasks.every(({ notifyUrl }) => notifyUrl?.startsWith(on.n8n.instance.url))).toBe(true);
		settleAll(on.sandbox);
		const execution = await on.n8n.instance.execution(id);
		expectAllSucceeded(on.sandbox, execution);
		await expectAllHeard(on.sandbox);
		const binaries = execution.items(hidreamName).map(({ binary }) => binary?.['video']);
		expect(binaries.map((binary) => binary?.mimeType)).toEqual(['video/mp4', 'video/mp4', 'video/mp4']);
		for (const binary of binaries) await on.n8n.expectResultVideo(binary?.id);
		const downloads = on.sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
		expect(downloads.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined, undefined]);
	});

	test('concurrent callbacks at two processes resume the execution once', async () => {
		const silent = await on.anotherSandbox({ callbacks: 'off' });
		const id = await on.n8n.suspended(silent, byCallback, 4);
		settleAll(silent);
		const { url: webhookUrl, mainUrl } = on.n8n.instance;
		const responses = silent.tasks.map(async ({ taskId, notifyUrl }, i) => {
			const url = (notifyUrl ?? '').replace(webhookUrl, i % 2 === 0 ? webhookUrl : mainUrl);
			return await callBack(url, { main_task_id: taskId, sub_task_results: [] });
		});
		expectHeard(await Promise.all(responses));
		expectAllSucceeded(silent, await on.n8n.instance.execution(id));
	});
}
