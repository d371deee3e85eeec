/** An AI agent of a real n8n uses the node as its tool. */
import { says } from '../../harness/chatModel';
import { byModel, toolName } from './support/agentWorkflow';
import { callsTool, toolAnswers, useAgent } from './support/useAgent';

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
	await on.bench.expectNoTrace(on.sandbox.accessToken, { status: 200, text: String(said), execution });
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
