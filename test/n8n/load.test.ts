/** Two hundred executions at once in one n8n: they share the account's limit, and every video is submitted once. */
import { byUrl, videoItem } from '../support/workflows';
import { useN8n } from '../support/n8n';

jest.setTimeout(300_000);

const EXECUTIONS = 200;
const PER_MINUTE = 100;
const MINUTE = 60_000;

const unlimited = { free: Infinity, level1: Infinity, level2: Infinity, level3: Infinity, level4: Infinity };

const on = useN8n({ tasksPerMinute: PER_MINUTE, minuteMs: MINUTE, parallelTasks: unlimited });

test('200 executions with one video each, a hundred a minute: all come to their end, none is refused', async () => {
	const credential = await on.n8n.credential(on.sandbox, { tasksPerMinute: PER_MINUTE });
	const workflow = await on.n8n.workflow(credential, { parameters: byUrl });
	const videos = Array.from({ length: EXECUTIONS }, (_, i) => videoItem(i + 1));
	const answers = await Promise.all(videos.map(async (item) => await on.n8n.instance.callWebhook(workflow.name, { items: [item] })));

	const { tasks, requests } = on.sandbox;
	expect(answers.map(({ status }) => status)).toEqual(videos.map(() => 200));
	expect(requests.map(({ status }) => status)).toEqual(videos.map(() => 200));
	// The stand-in's own record says which video each task is, and each execution names the task of its own video.
	const taskOf = new Map(tasks.map(({ prompt, taskId }) => [prompt, taskId]));
	expect(tasks).toHaveLength(EXECUTIONS);
	expect(taskOf.size).toBe(EXECUTIONS);
	const output = answers.map(({ text }) => JSON.parse(text) as unknown);
	expect(output).toMatchObject(videos.map(({ number }) => [{ status: 'submitted', task_id: taskOf.get(`video ${String(number)}`) }]));
	expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(EXECUTIONS);
	// In no minute more than the limit: each task has the hundredth after it a minute later at the earliest.
	const spans = tasks.slice(PER_MINUTE).map(({ acceptedAt }, i) => acceptedAt - (tasks[i]?.acceptedAt ?? NaN));
	expect(spans).toHaveLength(EXECUTIONS - PER_MINUTE);
	expect(Math.min(...spans)).toBeGreaterThanOrEqual(MINUTE);
});
