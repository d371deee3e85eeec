/** The example of an AI agent: as it is imported, in the chat of n8n's editor. */
import type { IDataObject } from 'n8n-workflow';

import { calls, says } from '../../harness/chatModel';
import type { Execution } from '../../harness/n8n/execution';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import { STYLES } from '../../sandbox';
import { example } from '../../scripts/demo/examples';
import { useAgent } from '../support/agent';
import { until } from '../support/n8n';

jest.setTimeout(240_000);

const on = useAgent();

/** Writes into the chat of the editor, as its user does. */
async function write(workflow: StoredWorkflow, chatInput: string): Promise<Execution> {
	const json = { sessionId: 'one-chat', action: 'sendMessage', chatInput };
	const data = { startTime: 0, executionTime: 0, executionIndex: 0, source: [null], data: { main: [[{ json }]] } };
	const body = { triggerToStartFrom: { name: 'When chat message received', data } };
	const { executionId } = await on.n8n.instance.rest.call<{ executionId: string }>('POST', `/workflows/${workflow.id}/run`, body);
	return await on.n8n.instance.execution(executionId);
}

const said = (execution: Execution): string => {
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	return String(execution.json('AI Agent')[0]?.['output']);
};

test('a video is ordered in the chat, and asked for later: the user gets its address, and paid once', async () => {
	const order = { video_url: 'https://example.com/cat.mp4', style: 'ink_wash', prompt: '' };
	const workflow = await on.n8n.instance.importWorkflow(await example('ai-agent.json', {}), await on.credentials());
	on.model.converse(
		calls({ tool: 'Restyle_Video', args: order }),
		says(([answer = '']) => `Your task is ${String((JSON.parse(answer) as IDataObject[])[0]?.['task_id'])}.`),
	);
	const first = said(await write(workflow, 'Make https://example.com/cat.mp4 an ink wash painting.'));
	const [task] = on.sandbox.tasks;
	expect(first).toBe(`Your task is ${task?.taskId}.`);
	await until('the task has ended', () => task?.endedAt !== null);

	on.model.converse(
		calls({ tool: 'Get_Video', args: { task_id: task?.taskId ?? '' } }),
		says(([answer = '']) => `Here it is: ${String((JSON.parse(answer) as IDataObject[])[0]?.['video_url'])}`),
	);
	expect(said(await write(workflow, 'Is it done?'))).toMatch(/^Here it is: http.*\.mp4$/);
	expect(on.sandbox.tasks).toMatchObject([{ style: 'ink_wash', video: { kind: 'url', url: order.video_url } }]);
	expect(JSON.stringify(on.model.requests.at(-1)?.messages)).toContain(first);
});

test('the model is told all styles, what costs money and what does not', async () => {
	const workflow = await on.n8n.instance.importWorkflow(await example('ai-agent.json', {}), await on.credentials());
	on.model.converse(says(() => 'Hello.'));
	said(await write(workflow, 'Hello?'));
	const tools = on.model.requests[0]?.tools.map((tool) => tool.function) ?? [];
	const [submit, result] = ['Restyle_Video', 'Get_Video'].map((name) => tools.find((tool) => tool.name === name));
	expect(tools).toHaveLength(2);
	expect(submit?.description).toContain('costs credits');
	expect(result?.description).toContain('Free');
	for (const style of [...STYLES, 'none']) expect(submit?.parameters.properties['style']?.description).toContain(style);
	expect(Object.keys(submit?.parameters.properties ?? {}).sort()).toEqual(['prompt', 'style', 'video_url']);
	expect(Object.keys(result?.parameters.properties ?? {})).toEqual(['task_id']);
});
