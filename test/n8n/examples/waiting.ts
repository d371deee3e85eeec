import { executionAsleep } from '../../../harness/n8n/execution';
import { runWorkflow } from '../../../harness/n8n/workflow';
import type { Value } from '../../../scripts/demo/examples';
import type { N8nContext } from '../../support/n8n';
import { downloaded, imported, stylized } from './support';

/** The loop of Wait and Get Result; its sleeps are real ones, since shorter ones stay in memory. */
export function waitingTests(on: N8nContext): void {
	test('videos arrive through a crash of n8n and an outage of HiDream; a task that fails or never ends gets out of the loop', async () => {
		const { instance } = on.n8n;
		const start = async (values: Record<string, Value>): Promise<string> => {
			const videoUrl = `${on.sandbox.url}/media/sample.mp4`;
			const id = await runWorkflow(instance.rest, await imported(on, 'durable-waiting.json', { videoUrl, secondsBetween: 66, ...values }));
			await executionAsleep(instance.rest, id);
			return id;
		};
		const good = await start({ style: 'ink_wash' });
		const failing = await start({ prompt: '[fail]' });
		const endless = await start({ prompt: '[never]', giveUpAfterMinutes: 1 });
		await instance.kill();
		for (const query of ['batch', 'result'] as const) on.sandbox.faults.add({ on: query, fault: { type: 'status', status: 500 } });
		await instance.restart();

		const [done, failed, givenUp] = await Promise.all([good, failing, endless].map(async (id) => await instance.execution(id, 400_000)));
		expect([done, failed, givenUp].map((execution) => [execution?.status, execution?.error])).toEqual(
			[1, 2, 3].map(() => ['success', undefined]),
		);
		const unanswered = [done, failed, givenUp].map((execution) => execution?.items('HiDream Get Result', 1, 0).length);
		expect(unanswered.sort()).toEqual([0, 0, 1]);
		expect((await downloaded(on, done?.items('Finished video')[0])).equals(await stylized())).toBe(true);
		expect(failed?.json('No video')).toMatchObject([{ status: 'failed', task_id: on.sandbox.tasks[1]?.taskId }]);
		expect(givenUp?.json('Given up')).toMatchObject([{ task_id: on.sandbox.tasks[2]?.taskId }]);
		expect(on.sandbox.tasks).toHaveLength(3);
	});
}
