/** A trigger fires two hundred executions within seconds, each to wait for its own video: both limits of the account hold across them. */
import type { INodeParameters } from 'n8n-workflow';

import { useN8n } from '../support/n8n';
import { byUrl, videoItem } from '../support/workflows';

jest.setTimeout(400_000);

const EXECUTIONS = 200;
const PER_MINUTE = 150;
const MINUTE = 60_000;
/** What an account of this level runs at once; the stand-in refuses the one that is too many. */
const AT_ONCE = 10;

const on = useN8n({ accountLevel: 'level4', tasksPerMinute: PER_MINUTE, minuteMs: MINUTE, taskSeconds: 1 });

const parameters: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options: { pollInterval: 2 } };
const videos = Array.from({ length: EXECUTIONS }, (_, i) => videoItem(i + 1));

test('200 executions with one video each: none is refused, each gets the result of its own video', async () => {
	const credential = await on.n8n.credential(on.sandbox, { accountLevel: 'level4', tasksPerMinute: PER_MINUTE });
	const workflow = await on.n8n.workflow(credential, { parameters });
	const answers = await Promise.all(videos.map(async (item) => await on.n8n.instance.callWebhook(workflow.name, { items: [item] })));

	const { tasks, requests } = on.sandbox;
	expect(answers.map(({ status }) => status)).toEqual(videos.map(() => 200));
	const submits = requests.filter(({ path, method }) => method === 'POST' && path.endsWith('/async'));
	expect(submits.map(({ status }) => status)).toEqual(videos.map(() => 200));
	const taskOf = new Map(tasks.map(({ prompt, taskId }) => [prompt, taskId]));
	expect([tasks.length, taskOf.size]).toEqual([EXECUTIONS, EXECUTIONS]);
	const output = answers.map(({ text }) => JSON.parse(text) as unknown);
	expect(output).toMatchObject(
		videos.map(({ number }) => [{ status: 'succeeded', task_id: taskOf.get(`video ${String(number)}`), video_url: expect.stringContaining('http') }]),
	);
	// Each task has the one that is so many places after it a minute, or a task's life, later at the earliest.
	const begun = tasks.map(({ acceptedAt }) => acceptedAt);
	const spans = (places: number) => begun.slice(places).map((at, i) => at - (begun[i] ?? NaN));
	expect(Math.min(...spans(PER_MINUTE))).toBeGreaterThanOrEqual(MINUTE);
	expect(Math.min(...spans(AT_ONCE))).toBeGreaterThanOrEqual(1_000);
});
