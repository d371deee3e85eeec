/** An AI agent of a real n8n uses the node as its tool. */
import { fails, says } from '../../harness/chatModel';
import { byModel, toolName } from '../support/agentWorkflow';
import { callsTool, toolAnswers, useAgent } from '../support/agent';

jest.setTimeout(240_000);

const on = useAgent();
const video = { video_url: 'https://example.com/cat.mp4', style: 'ink_wash', prompt: '' };
const tell = says((answers) => `The tool said: ${answers.join(' and ')}`);
const submits = () => on.sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/async'));

test('the agent submits a video and says its task ID; the token is nowhere in what the model was sent', async () => {
	on.model.converse(callsTool(video), tell);
	const { execution, said } = await on.ask(await on.workflow({ parameters: byModel }));
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	const [task] = on.sandbox.tasks;
	expect(on.sandbox.tasks).toHaveLength(1);
	expect(task).toMatchObject({ style: 'ink_wash', video: { kind: 'url', url: video.video_url } });
	const [answer = ''] = toolAnswers(on.model);
	expect(JSON.parse(answer)).toMatchObject([{ task_id: task?.taskId, status: 'submitted', style: 'ink_wash' }]);
	expect(said).toContain(task?.taskId);
	expect(JSON.stringify(on.model.requests)).not.toContain(on.sandbox.accessToken);
	await on.n8n.expectNoTrace(on.sandbox.accessToken, { status: 200, text: String(said), execution });
});

test('the model is told what the tool does, that it costs money, and what each parameter is', async () => {
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

test('the same call again is the same task: in one turn, in a later one, and when the text differs only in how it is written', async () => {
	on.model.converse(callsTool(video, video), callsTool({ ...video, video_url: ` ${video.video_url} ` }), callsTool(video), tell);
	const { execution } = await on.ask(await on.workflow({ parameters: byModel }));
	expect(execution.status).toBe('success');
	expect(on.sandbox.tasks).toHaveLength(1);
	expect(submits()).toHaveLength(1);
	const taskId = on.sandbox.tasks[0]?.taskId;
	expect(toolAnswers(on.model).map((answer) => JSON.parse(answer) as unknown)).toMatchObject(
		[1, 2, 3, 4].map(() => [{ task_id: taskId, status: 'submitted' }]),
	);
});

test('a call without a clear answer is sent once, though n8n tries the tool three times: the model gets the request_id', async () => {
	on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'acceptThenStatus', status: 502 } });
	on.model.converse(callsTool(video, video), tell);
	const tool = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
	const { execution, said } = await on.ask(await on.workflow({ parameters: byModel, tool }));
	expect(execution.status).toBe('success');
	expect(submits()).toHaveLength(1);
	expect(said).toContain(on.sandbox.tasks[0]?.requestId);
	expect(toolAnswers(on.model)).toHaveLength(2);
});

test('a chat model that fails in between: n8n tries the agent again, and the task is still one', async () => {
	on.model.converse(callsTool(video), fails(500), callsTool(video), tell);
	const agent = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
	const { execution, said } = await on.ask(await on.workflow({ parameters: byModel, agent }));
	expect(execution.status).toBe('success');
	expect(submits()).toHaveLength(1);
	expect(said).toContain(on.sandbox.tasks[0]?.taskId);
});

test('other arguments are another task, and so is another run of the agent', async () => {
	on.model.converse(callsTool(video, { ...video, prompt: 'at night' }), tell);
	on.model.converse(callsTool(video), tell);
	const workflow = await on.workflow({ parameters: byModel });
	await on.ask(workflow);
	const { said } = await on.ask(workflow);
	expect(on.sandbox.tasks.map(({ prompt }) => prompt)).toEqual([null, 'at night', null]);
	expect(said).toContain(on.sandbox.tasks[2]?.taskId);
	expect(new Set(on.sandbox.tasks.map(({ taskId }) => taskId)).size).toBe(3);
});
