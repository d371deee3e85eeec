import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { importExample } from '../../support/examples';
import { resultVideo } from '../../support/media';
import type { N8nContext } from '../../support/n8n';
import { until } from '../../support/n8n';
import { executionsOf } from '../../support/triggerWorkflow';

/** Both workflows, connected as their notes say. */
export function callbackTests(on: N8nContext): void {
	/** The ID of a video's task; fails without one. */
	function taskOf(url: string): string {
		const task = on.sandbox.tasks.find(({ video }) => video.kind === 'url' && video.url === url);
		if (task === undefined) throw new Error(`${url} has no task.`);
		return task.taskId;
	}

	test('the second workflow saves each video that the first submitted, and fails for a task without a video', async () => {
		const folder = join(on.n8n.files, 'callback');
		await mkdir(folder);
		const second = await importExample(on, 'callback-trigger.json', { folder });
		await on.n8n.instance.activate(second);
		const trigger = second.nodes.find(({ type }) => type.endsWith('.stylizeVideoTrigger'));
		const notifyUrl = `${on.n8n.instance.url}/webhook/${trigger?.webhookId ?? ''}/webhook`;
		const videos = ['a b', 'c&d', 'e'].map((name) => `${on.sandbox.url}/media/sample.mp4?name=${encodeURIComponent(name)}`);
		const first = await importExample(on, 'callback-submit.json', { notifyUrl, videoUrls: JSON.stringify(videos) });
		const running = on.n8n.instance.run(first);
		// A second later it would have succeeded.
		await until('the third is submitted', () => on.sandbox.tasks.length === 3);
		// The account's limits decide how many videos the example sends concurrently, so their order may change.
		const [one, two, three] = videos.map(taskOf) as [string, string, string];
		on.sandbox.settle(three, 'rejected');
		const submit = await running;
		expect([submit.status, submit.error]).toEqual(['success', undefined]);

		await until('three callbacks', async () => (await executionsOf(on, second)).length === 3);
		const ended = await executionsOf(on, second);
		const outputs = ended.map((execution) => execution.json('HiDream Stylize Video Trigger')[0]);
		expect(outputs.map((json) => (json?.['query'] as { video: string }).video).sort()).toEqual([...videos].sort());
		expect(on.sandbox.tasks).toHaveLength(3);
		expect((await readdir(folder)).sort()).toEqual([`${one}.mp4`, `${two}.mp4`].sort());
		for (const id of [one, two]) expect((await readFile(join(folder, `${id}.mp4`))).equals(await resultVideo())).toBe(true);
		const failed = ended.filter(({ status }) => status === 'error');
		const reason = outputs.find((json) => json?.['task_id'] === three)?.['failure_reason'];
		expect(reason).toEqual(expect.stringMatching(/./));
		expect(failed.map(({ error }) => error?.message)).toEqual([`Task ${three} of ${videos[2] ?? ''} ended as rejected: ${String(reason)}`]);
	});
}
