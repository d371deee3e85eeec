import { useN8n } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(120_000);

const on = useN8n();
const twenty = Array.from({ length: 20 }, (_, n) => videoItem(n));

test('a dry run over twenty videos reports what they would take; the service saw one question and no video', async () => {
	const credential = await on.n8n.credential(on.sandbox, { tasksPerMinute: 2, accountLevel: 'level1' });
	const options = { dryRun: true, submitOnceKey: '={{ $json.videoUrl }}' };
	const workflow = await on.n8n.workflow(credential, { parameters: { ...byUrl, options } });
	const { execution } = await on.n8n.send(workflow, [...twenty, videoItem(20, { videoUrl: 'no url' })]);
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	expect(execution.json(hidreamName)).toEqual([
		{
			status: 'dry_run',
			items: 21,
			tasks: 20,
			already_submitted: 0,
			invalid: 1,
			uncertain: 0,
			minutes_to_submit: 9,
			minutes_to_finish: 17.5,
			tasks_per_minute: 2,
			parallel_tasks: 3,
			problems: [
				{ item: 20, error: expect.stringContaining('"Video URL"') as string, message: expect.stringContaining('"Video URL"') as string },
			],
		},
	]);
	expect(execution.runs(hidreamName)[0]?.hints).toMatchObject([{ message: expect.stringContaining('nothing was submitted') as string }]);
	expect(on.sandbox.tasks).toEqual([]);
	expect(on.sandbox.requests.map(({ method, path }) => [method, path])).toEqual([['GET', expect.stringMatching(/\/results$/) as string]]);
});

test('afterwards the same videos are submitted: no key was used up', async () => {
	const credential = await on.n8n.credential(on.sandbox);
	const workflow = await on.n8n.workflow(credential, {
		parameters: { ...byUrl, options: { dryRun: '={{ $json.look }}', submitOnceKey: '={{ $json.videoUrl }}' } },
	});
	const videos = twenty.slice(0, 5);
	const looked = await on.n8n.send(workflow, videos.map((item) => ({ ...item, look: true })));
	expect(looked.execution.json(hidreamName)).toMatchObject([{ status: 'dry_run', tasks: 5, problems: [] }]);
	const paid = await on.n8n.send(workflow, videos.map((item) => ({ ...item, look: false })));
	expect(paid.execution.error).toBeUndefined();
	expect(paid.execution.json(hidreamName).map(({ status }) => status)).toEqual(videos.map(() => 'submitted'));
	expect(on.sandbox.tasks).toHaveLength(5);
});
