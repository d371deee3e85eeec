/** The tool that waits: asleep, without a worker and over a crash of n8n, or by polling. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { says } from '../../harness/chatModel';
import type { Execution } from '../../harness/n8n/execution';
import { executionAsleep, newestExecution } from '../../harness/n8n/execution';
import { agentName, byModel } from '../support/agentWorkflow';
import { callsTool, toolAnswers, useAgent } from '../support/agent';
import { until } from '../support/n8n';

jest.setTimeout(300_000);

// Tasks end when a test says so. In its other mode n8n, when it starts, takes an agent that sleeps for one that crashed,
// and wakes it no more: the agent's node has begun, and has no output yet.
const on = useAgent({ taskSeconds: 3_600 }, { N8N_EVENTBUS_RECOVERY_MODE: 'simple' });
const byCallback: INodeParameters = { ...byModel, operation: 'submitAndWait', waitFor: 'callback' };
const cat = { video_url: 'https://example.com/cat.mp4', style: 'anime', prompt: '' };
const dog = { ...cat, video_url: 'https://example.com/dog.mp4' };
const tell = says((answers) => `The tool said: ${answers.join(' and ')}`);
const answered = () => toolAnswers(on.model).map((answer) => (JSON.parse(answer) as IDataObject[])[0]);

async function untilAsleep(id: string, tasks: number): Promise<void> {
	await until(`task ${tasks} is submitted`, () => on.sandbox.tasks.length === tasks);
	await executionAsleep(on.n8n.instance.rest, id);
}

/** Asks an agent whose tool sleeps, and waits until it does; gives the execution's ID. */
async function park(parameters = byCallback): Promise<string> {
	const workflow = await on.workflow({ parameters, sleeps: true });
	await on.n8n.instance.callWebhook(workflow.name, { ask: 'Restyle my video, please.' });
	const id = await newestExecution(on.n8n.instance.rest, workflow.id);
	await untilAsleep(id, 1);
	return id;
}

const succeed = (task: number) => on.sandbox.settle(on.sandbox.tasks[task]?.taskId ?? '', 'succeeded');

function expectSaid(execution: Execution, tasks: number): void {
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	expect(on.sandbox.tasks).toHaveLength(tasks);
	const said = String(execution.json(agentName)[0]?.['output']);
	for (const { taskId } of on.sandbox.tasks) expect(said).toContain(taskId);
}

test('n8n is killed while the agent sleeps and started again: the callback wakes it, and it goes on with the video', async () => {
	on.model.converse(callsTool(cat), tell);
	const id = await park();
	expect(on.model.requests).toHaveLength(1);
	await on.n8n.instance.kill();
	await on.n8n.instance.restart();
	succeed(0);
	const execution = await on.n8n.instance.execution(id);
	expectSaid(execution, 1);
	const [answer] = answered();
	expect(answer).toMatchObject({ task_id: on.sandbox.tasks[0]?.taskId, status: 'succeeded' });
	expect(answer?.['video_url']).toMatch(/^http.*\.mp4$/);
	expect(execution.json(agentName)[0]?.['output']).toContain(answer?.['video_url']);
	expect(JSON.stringify(on.model.requests)).not.toContain(on.sandbox.accessToken);
});

test('two videos in one turn: the agent sleeps for each and gets both', async () => {
	on.model.converse(callsTool(cat, dog), tell);
	const id = await park();
	succeed(0);
	await untilAsleep(id, 2);
	succeed(1);
	expectSaid(await on.n8n.instance.execution(id), 2);
	expect(answered()).toMatchObject(on.sandbox.tasks.map(({ taskId }) => ({ task_id: taskId, status: 'succeeded' })));
});

test('the same video twice in one turn, and again later, is one task', async () => {
	on.model.converse(callsTool(cat, cat), callsTool(cat), tell);
	const id = await park();
	succeed(0);
	expectSaid(await on.n8n.instance.execution(id), 1);
	const taskId = on.sandbox.tasks[0]?.taskId;
	expect(answered()).toMatchObject([1, 2, 3].map(() => ({ task_id: taskId, status: 'succeeded' })));
});

test('a sleep that runs out is told, with the task ID', async () => {
	on.model.converse(callsTool(cat), tell);
	const id = await park({ ...byCallback, options: { maxWait: 0.1 } });
	expectSaid(await on.n8n.instance.execution(id), 1);
	expect(answered()).toMatchObject([{ task_id: on.sandbox.tasks[0]?.taskId, status: 'timed_out', video_url: null }]);
});

test('by polling: a wait that runs out is told, and the same call again goes on waiting and pays nothing', async () => {
	on.model.converse(callsTool(cat), callsTool(cat), tell);
	const options = { pollInterval: 2, maxWait: 0.1 };
	const workflow = await on.workflow({ parameters: { ...byModel, operation: 'submitAndWait', waitFor: 'polling', options } });
	const asked = on.ask(workflow);
	await until('the model has heard that the wait ran out', () => on.model.requests.length === 2);
	succeed(0);
	const { execution } = await asked;
	expectSaid(execution, 1);
	const task_id = on.sandbox.tasks[0]?.taskId;
	expect(answered()).toMatchObject([{ task_id, status: 'timed_out' }, { task_id, status: 'succeeded' }]);
});
