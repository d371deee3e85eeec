/** n8n's AI Agent uses the node as its tool. Restarts are in `kill.test.ts`. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { fails, says } from '../../harness/chatModel';
import { VENDOR_STYLES } from '../../sandbox';
import { callsTool, expectAgentSaid, suspendedAgent, toolResponses, useAgent } from '../support/agent';
import { byModel, toolName } from '../support/agentWorkflow';
import { until } from '../support/n8n';

jest.setTimeout(120_000);

const cat = { video_url: 'https://example.com/cat.mp4', style: 'ink_wash', prompt: '' };
const dog = { ...cat, video_url: 'https://example.com/dog.mp4' };
const tell = says((responses) => `The tool said: ${responses.join(' and ')}`);

describe('Submit', () => {
	const on = useAgent();
	const submits = () => on.sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/async'));

	test('the agent submits a video once, however often the model asks; the model never sees the token', async () => {
		on.model.converse(callsTool(cat, cat), callsTool({ ...cat, video_url: ` ${cat.video_url} ` }), tell);
		const { execution, said } = await on.ask(await on.workflow({ parameters: byModel }));
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		const [task] = on.sandbox.tasks;
		expect(on.sandbox.tasks).toMatchObject([{ style: 'ink_wash', video: { kind: 'url', url: cat.video_url } }]);
		expect(toolResponses(on.model).map((response) => JSON.parse(response) as unknown)).toMatchObject(
			[1, 2, 3].map(() => [{ task_id: task?.taskId, status: 'submitted', style: 'ink_wash' }]),
		);
		expect(said).toContain(task?.taskId);
		expect(JSON.stringify(on.model.requests)).not.toContain(on.sandbox.accessToken);
		await on.n8n.expectNoTrace(on.sandbox.accessToken, { status: 200, text: String(said), execution });
	});

	test('n8n tells the model what the tool does, that it costs money, and what each parameter means', async () => {
		on.model.converse(says(() => 'Nothing to do.'));
		await on.ask(await on.workflow({ parameters: byModel }));
		const [offered, ...others] = on.model.requests[0]?.tools ?? [];
		expect(others).toEqual([]);
		expect(offered?.function.name).toBe(toolName);
		expect(offered?.function.description).toMatch(/video.*HiDream/i);
		expect(offered?.function.description).toContain('costs');
		expect(offered?.function.parameters.properties).toMatchObject({
			video_url: { type: 'string', description: 'Public URL of the video' },
			style: { type: 'string', description: 'The look, such as ink_wash' },
		});
	});

	test('an unknown style: the model reads what is wrong and what to do, and then gets its task', async () => {
		on.model.converse(callsTool({ ...cat, style: 'oil painting' }), callsTool(cat), tell);
		const { execution, said } = await on.ask(await on.workflow({ parameters: byModel }));
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		expect(on.sandbox.tasks).toHaveLength(1);
		expect(said).toContain(on.sandbox.tasks[0]?.taskId);
		const [message = ''] = toolResponses(on.model);
		const [response, ...more] = JSON.parse(message) as IDataObject[];
		expect([Object.keys(response ?? {}), more]).toEqual([['error'], []]);
		expect(response?.['error']).toContain('"Style" has an unknown value: "oil painting"');
		expect(response?.['error']).toContain(`Use one of: ${[...VENDOR_STYLES, 'none'].sort().join(', ')}`);
	});

	test('an uncertain submit is sent once, though n8n tries the tool three times: the model gets the request_id', async () => {
		on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'acceptThenStatus', status: 502 } });
		on.model.converse(callsTool(cat, cat), tell);
		const tool = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const { execution, said } = await on.ask(await on.workflow({ parameters: byModel, tool }));
		expect(execution.status).toBe('success');
		expect(submits()).toHaveLength(1);
		expect(said).toContain(on.sandbox.tasks[0]?.requestId);
		expect(toolResponses(on.model)).toHaveLength(2);
	});

	test('when the chat model fails and n8n retries the agent, the video is submitted once', async () => {
		on.model.converse(callsTool(cat), fails(500), callsTool(cat), tell);
		const agent = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
		const { execution, said } = await on.ask(await on.workflow({ parameters: byModel, agent }));
		expect(execution.status).toBe('success');
		expect(submits()).toHaveLength(1);
		expect(said).toContain(on.sandbox.tasks[0]?.taskId);
	});
});

describe('Submit and Wait', () => {
	// Tasks only end when a test settles them.
	const on = useAgent({ taskSeconds: 3_600 });
	const responses = () => toolResponses(on.model).map((response) => (JSON.parse(response) as IDataObject[])[0]);
	const succeed = (task: number) => on.sandbox.settle(on.sandbox.tasks[task]?.taskId ?? '', 'succeeded');

	test('by callback: n8n suspends the agent for each of two videos, and the agent gets both', async () => {
		on.model.converse(callsTool(cat, cat), callsTool(cat, dog), tell);
		const { id, untilSuspended } = await suspendedAgent(on);
		succeed(0);
		await untilSuspended(2);
		succeed(1);
		expectAgentSaid(await on.n8n.instance.execution(id), on.sandbox, 2);
		const [first, second] = on.sandbox.tasks.map(({ taskId }) => ({ task_id: taskId, status: 'succeeded' }));
		expect(responses()).toMatchObject([first, first, first, second]);
	});

	test('by polling: after a timeout the same call continues to wait, and pays nothing', async () => {
		on.model.converse(callsTool(cat), callsTool(cat), tell);
		const options = { pollInterval: 2, maxWait: 0.1 };
		const parameters: INodeParameters = { ...byModel, operation: 'submitAndWait', waitFor: 'polling', options };
		const reply = on.ask(await on.workflow({ parameters }));
		await until('the model has read that the wait timed out', () => on.model.requests.length === 2);
		succeed(0);
		const { execution } = await reply;
		expectAgentSaid(execution, on.sandbox, 1);
		const task_id = on.sandbox.tasks[0]?.taskId;
		expect(responses()).toMatchObject([{ task_id, status: 'timed_out' }, { task_id, status: 'succeeded' }]);
	});
});
