import type { Value } from '../../../scripts/demo/examples';
import { importExample } from '../../support/examples';
import { resultVideo } from '../../support/media';
import type { N8nContext } from '../../support/n8n';

/** The loop of Wait and Get Result. A Wait of more than 65 s survives a crash of n8n, as `test/queue` shows. */
export function waitingTests(on: N8nContext): void {
	const run = async (values: Record<string, Value>) => {
		const videoUrl = `${on.sandbox.url}/media/sample.mp4`;
		const workflow = await importExample(on, 'durable-waiting.json', { videoUrl, secondsBetween: 1, ...values });
		const execution = await on.n8n.instance.run(workflow);
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		return execution;
	};

	test('gets the video despite an outage of HiDream', async () => {
		for (const query of ['batch', 'result'] as const) on.sandbox.faults.add({ on: query, fault: { type: 'status', status: 500 } });
		const execution = await run({ style: 'ink_wash' });
		expect(execution.items('HiDream Get Result', 1, 0)).toHaveLength(1);
		expect((await on.n8n.download(execution.items('Finished video')[0]?.binary?.['data'])).equals(await resultVideo())).toBe(true);
		expect(on.sandbox.tasks).toHaveLength(1);
	});

	test('a task that fails or never ends leaves the loop', async () => {
		const failed = await run({ prompt: '[fail]' });
		expect(failed.json('No video')).toMatchObject([{ status: 'failed', task_id: on.sandbox.tasks[0]?.taskId }]);
		const givenUp = await run({ prompt: '[never]', giveUpAfterMinutes: 0.05 });
		expect(givenUp.json('Given up')).toMatchObject([{ task_id: on.sandbox.tasks[1]?.taskId }]);
		expect(on.sandbox.tasks).toHaveLength(2);
	});
}
