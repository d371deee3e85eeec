import type { INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../harness/n8n/workflow';

/** The name of the agent in every workflow here. */
export const agentName = 'AI Agent';

/** The node as its tool, and its name for the model. */
export const toolName = 'HiDream';

/** The settings of an agent and its tool: the tool's parameters, and n8n's own settings of either node. */
export interface AgentSetup {
	parameters: INodeParameters;
	tool?: Partial<INode>;
	agent?: Partial<INode>;
	/** The webhook responds immediately, since the execution will be suspended. */
	suspends?: boolean;
}

function node(name: string, type: string, typeVersion: number, parameters: INodeParameters, more: Partial<INode> = {}): INode {
	return { id: name, name, type, typeVersion, position: [0, 0], parameters, ...more };
}

/** Webhook → AI Agent with a chat model of OpenAI and with the node as its tool. */
export function agentWorkflow(path: string, { parameters, tool, agent, suspends }: AgentSetup): WorkflowJson {
	const response = suspends ? { responseMode: 'onReceived' } : { responseMode: 'lastNode', responseData: 'allEntries' };
	const hook = { httpMethod: 'POST', path, ...response };
	// Chat completions: the API of all "OpenAI-compatible" services. The model's own retries would hide n8n's.
	const model = { model: { __rl: true, mode: 'id', value: 'fake-model' }, responsesApiEnabled: false, options: { maxRetries: 0 } };
	const ask = { promptType: 'define', text: '={{ $json.body.ask }}', options: {} };
	const credential = (type: string) => ({ credentials: { [type]: { id: null, name: '' } } });
	return {
		name: path,
		nodes: [
			node('Webhook', 'n8n-nodes-base.webhook', 2, hook, { webhookId: path }),
			node(agentName, '@n8n/n8n-nodes-langchain.agent', 3.1, ask, agent),
			node('OpenAI', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.3, model, credential('openAiApi')),
			node(toolName, 'n8n-nodes-hidream.stylizeVideoTool', 1, parameters, { ...credential('hiDreamApi'), ...tool }),
		],
		connections: {
			Webhook: { main: [[{ node: agentName, type: 'main', index: 0 }]] },
			OpenAI: { ai_languageModel: [[{ node: agentName, type: 'ai_languageModel', index: 0 }]] },
			[toolName]: { ai_tool: [[{ node: agentName, type: 'ai_tool', index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	};
}

/** Parameters that the model fills in. */
export const byModel: INodeParameters = {
	operation: 'submit',
	inputType: 'url',
	videoUrl: "={{ $fromAI('video_url', 'Public URL of the video', 'string') }}",
	style: "={{ $fromAI('style', 'The look, such as ink_wash', 'string') }}",
	prompt: "={{ $fromAI('prompt', 'What else to say of the look', 'string', '') }}",
	options: {},
};
