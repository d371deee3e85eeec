/** An agent in queue mode: its tool runs on a worker, sleeps without one, and wakes on any. */
import type { INodeParameters } from 'n8n-workflow';

import { says } from '../../harness/chatModel';
import type { Execution } from '../../harness/n8n/execution';
import { agentName, byModel } from '../support/agentWorkflow';
import { expectAllHeard } from '../support/callbacks';
import { callsTool, withAgent } from '../support/agent';
import { allowsTools, until } from '../support/n8n';
import { useQueue } from './support/queue';
import { settleAll } from './support/tasks';

jest.setTimeout(300_000);

// Tasks end when a test says so. In its other mode n8n takes an agent that sleeps for one that crashed, when it starts.
const on = withAgent(useQueue({ taskSeconds: 3_600 }, { ...allowsTools, N8N_EVENTBUS_RECOVERY_MODE: 'simple' }));

const byCallback: INodeParameters = { ...byModel, operation: 'submitAndWait', waitFor: 'callback' };
const cat = { video_url: 'https://example.com/cat.mp4', style: 'anime', prompt: '' };
const tell = says((answers) => `The tool said: ${answers.join(' and ')}`);

/** Asks an agent; gives the execution's ID. */
async function ask(parameters: INodeParameters): Promise<string> {
	return await on.n8n.call(await on.workflow({ parameters, sleeps: true }), { ask: 'Restyle my video, please.' });
}

/** The same, and waits until its tool sleeps. */
async function park(): Promise<string> {
	on.model.converse(callsTool(cat), tell);
	const id = await ask(byCallback);
	await until('the task is submitted', () => on.sandbox.tasks.length === 1);
	await on.n8n.untilAsleep(id);
	return id;
}

function expectSaid(execution: Execution, ...words: string[]): void {
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expect(on.sandbox.tasks).toHaveLength(1);
	const said = String(execution.json(agentName)[0]?.['output']);
	for (const word of [on.sandbox.tasks[0]?.taskId ?? 'no task', ...words]) expect(said).toContain(word);
	expect(JSON.stringify(on.model.requests)).not.toContain(on.sandbox.accessToken);
}

test('the same video twice is one task, and the model has its ID', async () => {
	on.model.converse(callsTool(cat, cat), callsTool(cat), tell);
	expectSaid(await on.n8n.instance.execution(await ask(byModel)), 'submitted');
});

test('the worker dies while the agent sleeps: another one goes on with the video', async () => {
	const id = await park();
	await (await on.n8n.workerOf(id)).kill();
	settleAll(on.sandbox);
	await expectAllHeard(on.sandbox);
	expectSaid(await on.n8n.instance.execution(id), 'succeeded', '.mp4');
});

test('main and all workers die while the agent sleeps, and start again: the callback wakes it', async () => {
	const id = await park();
	const { instance } = on.n8n;
	await Promise.all([instance, ...instance.workers].map(async (each) => await each.kill()));
	await instance.startMissing();
	settleAll(on.sandbox);
	await expectAllHeard(on.sandbox);
	expectSaid(await instance.execution(id), 'succeeded', '.mp4');
});
