import type { IDataObject } from 'n8n-workflow';

import { calls, says } from '../../../harness/chatModel';
import type { StoredExecution } from '../../../harness/n8n/execution';
import type { StoredWorkflow } from '../../../harness/n8n/workflow';
import { example } from '../../../scripts/demo/examples';
import type { AgentContext } from '../../support/agent';
import { until } from '../../support/n8n';

/** The AI agent, in the chat of n8n's editor. */
export function agentTests(on: AgentContext): void {
	/** Sends a message in the chat of the editor, like its user; returns the reply. */
	async function write(workflow: StoredWorkflow, chatInput: string): Promise<string> {
		const json = { sessionId: 'one-chat', action: 'sendMessage', chatInput };
		const data = { startTime: 0, executionTime: 0, executionIndex: 0, source: [null], data: { main: [[{ json }]] } };
		const body = { triggerToStartFrom: { name: 'When chat message received', data } };
		const { executionId } = await on.n8n.instance.rest.call<{ executionId: string }>('POST', `/workflows/${workflow.id}/run`, body);
		const execution: StoredExecution = await on.n8n.instance.execution(executionId);
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		return String(execution.json('AI Agent')[0]?.['output']);
	}

	test('the user requests a video in the chat and asks for the result later; the video is submitted once', async () => {
		const order = { video_url: 'https://example.com/cat.mp4', style: 'ink_wash', prompt: '' };
		const workflow = await on.n8n.instance.importWorkflow(await example('ai-agent.json', {}), await on.credentials());
		on.model.converse(
			calls({ tool: 'Restyle_Video', args: order }),
			says(([response = '']) => `Your task is ${String((JSON.parse(response) as IDataObject[])[0]?.['task_id'])}.`),
		);
		const first = await write(workflow, 'Make https://example.com/cat.mp4 an ink wash painting.');
		const [task] = on.sandbox.tasks;
		expect(first).toBe(`Your task is ${task?.taskId}.`);
		const tools = on.model.requests[0]?.tools.map((tool) => tool.function) ?? [];
		expect(tools.map(({ name, parameters }) => [name, Object.keys(parameters.properties).sort()]).sort()).toEqual([
			['Get_Video', ['task_id']],
			['Restyle_Video', ['prompt', 'style', 'video_url']],
		]);
		const described = JSON.stringify(on.model.requests[0]?.tools);
		for (const words of ['costs credits', 'Free']) expect(described).toContain(words);
		await until('the task has ended', () => task?.endedAt !== null);

		on.model.converse(
			calls({ tool: 'Get_Video', args: { task_id: task?.taskId ?? '' } }),
			says(([response = '']) => `Here it is: ${String((JSON.parse(response) as IDataObject[])[0]?.['video_url'])}`),
		);
		expect(await write(workflow, 'Is it done?')).toMatch(/^Here it is: http.*\.mp4$/);
		expect(on.sandbox.tasks).toMatchObject([{ style: 'ink_wash', video: { kind: 'url', url: order.video_url } }]);
		expect(JSON.stringify(on.model.requests.at(-1)?.messages)).toContain(first);
	});
}
