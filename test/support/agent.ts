import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { ChatModel, Turn } from '../../harness/chatModel';
import { answerTo, calls, callsIn, startChatModel } from '../../harness/chatModel';
import type { Execution } from '../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import type { Sandbox, SandboxSettings } from '../../sandbox';
import type { AgentSetup } from './agentWorkflow';
import { agentName, agentWorkflow, toolName } from './agentWorkflow';
import type { TestN8n } from './n8n';
import { useN8n } from './n8n';
import type { N8nContext } from './n8n';

/** What must be set in every process of n8n for an agent to be let use the node. */
export const allowsTools = { N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'true' };

/** An n8n for an agent, in regular or in queue mode. */
interface AgentHost {
	readonly instance: N8nInstance;
	credential(sandbox: Sandbox, data?: ICredentialDataDecryptedObject): Promise<StoredCredential>;
}

/** What a test of an agent works with: n8n, a HiDream and a chat model, both stand-ins and new for each test. */
export interface AgentContext<B extends AgentHost = TestN8n> extends N8nContext<B> {
	readonly model: ChatModel;
	/** Stores credentials for both stand-ins. */
	credentials(more?: ICredentialDataDecryptedObject): Promise<StoredCredential[]>;
	/** Stores and activates a workflow whose agent has the node as its tool. */
	workflow(setup: AgentSetup, more?: ICredentialDataDecryptedObject): Promise<StoredWorkflow>;
	/** Asks the agent and waits for the end; gives the execution and what the agent said. */
	ask(workflow: StoredWorkflow): Promise<{ execution: Execution; said: unknown }>;
}

/** Adds a fake chat model. The test fails if the model is asked something that it was not told to expect. */
export function withAgent<B extends AgentHost>(on: N8nContext<B>): AgentContext<B> {
	let model: ChatModel | undefined;
	let paths = 0;
	const there = (): ChatModel => {
		if (model === undefined) throw new Error('The chat model is there while a test runs, not before.');
		return model;
	};
	beforeEach(async () => {
		model = await startChatModel();
	});
	afterEach(async () => {
		await there().close();
		expect(there().refusals).toEqual([]);
		expect(there().left).toBe(0);
	});
	const credentials = async (more: ICredentialDataDecryptedObject = {}) => {
		const { apiKey, url } = there();
		const forModel = await on.n8n.instance.importCredential({ name: 'Model', type: 'openAiApi', data: { apiKey, url } });
		return [forModel, await on.n8n.credential(on.sandbox, more)];
	};
	return {
		get n8n() {
			return on.n8n;
		},
		get sandbox() {
			return on.sandbox;
		},
		get model() {
			return there();
		},
		credentials,
		async workflow(setup, more) {
			paths += 1;
			const stored = await on.n8n.instance.importWorkflow(agentWorkflow(`agent-${paths}`, setup), await credentials(more));
			await on.n8n.instance.activate(stored);
			return stored;
		},
		async ask(workflow) {
			await on.n8n.instance.callWebhook(workflow.name, { ask: 'Restyle my video, please.' });
			const execution = await on.n8n.instance.newestExecution(workflow);
			return { execution, said: execution.json(agentName)[0]?.['output'] };
		},
	};
}

/** Opens a real n8n that lets agents use the node, and a chat model for each test. */
export function useAgent(settings: Partial<SandboxSettings> = {}, env: NodeJS.ProcessEnv = {}): AgentContext {
	return withAgent(useN8n(settings, { ...allowsTools, ...env }));
}

/** One call of the tool, or several in one turn. */
export const callsTool = (...args: IDataObject[]): Turn => calls(...args.map((each) => ({ tool: toolName, args: each })));

/** What the tool said to each call, as the model saw it at the end. */
export function toolAnswers({ requests }: ChatModel): string[] {
	const messages = requests.at(-1)?.messages ?? [];
	return callsIn(messages).map(({ id }) => answerTo(messages, id));
}
