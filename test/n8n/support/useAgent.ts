import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { ChatModel, Turn } from '../../../harness/chatModel';
import { answerTo, calls, callsIn, startChatModel } from '../../../harness/chatModel';
import type { Execution } from '../../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../../harness/n8n/workflow';
import type { SandboxSettings } from '../../../sandbox';
import type { AgentSetup } from './agentWorkflow';
import { agentName, agentWorkflow, toolName } from './agentWorkflow';
import { useBench } from './useBench';
import type { OnBench } from './useBench';

/** What a test of an agent works with: n8n, a HiDream and a chat model, both stand-ins and new for each test. */
export interface OnAgent extends OnBench {
	readonly model: ChatModel;
	/** Stores credentials for both stand-ins. */
	credentials(more?: ICredentialDataDecryptedObject): Promise<StoredCredential[]>;
	/** Stores and activates a workflow whose agent has the node as its tool. */
	workflow(setup: AgentSetup, more?: ICredentialDataDecryptedObject): Promise<StoredWorkflow>;
	/** Asks the agent and waits for the end; gives the execution and what the agent said. */
	ask(workflow: StoredWorkflow): Promise<{ execution: Execution; said: unknown }>;
}

/** Opens a real n8n that lets agents use the node. A model that was asked what it was not told to expect fails the test. */
export function useAgent(settings: Partial<SandboxSettings> = {}, env: NodeJS.ProcessEnv = {}): OnAgent {
	const on = useBench(settings, { N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'true', ...env });
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
		const forModel = await on.bench.n8n.importCredential({ name: 'Model', type: 'openAiApi', data: { apiKey, url } });
		return [forModel, await on.bench.credential(on.sandbox, more)];
	};
	return {
		get bench() {
			return on.bench;
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
			const stored = await on.bench.n8n.importWorkflow(agentWorkflow(`agent-${paths}`, setup), await credentials(more));
			await on.bench.n8n.activate(stored);
			return stored;
		},
		async ask(workflow) {
			await on.bench.n8n.callWebhook(workflow.name, { ask: 'Restyle my video, please.' });
			const execution = await on.bench.n8n.newestExecution(workflow);
			return { execution, said: execution.json(agentName)[0]?.['output'] };
		},
	};
}

/** One call of the tool, or several in one turn. */
export const callsTool = (...args: IDataObject[]): Turn => calls(...args.map((each) => ({ tool: toolName, args: each })));

/** What the tool said to each call, as the model saw it at the end. */
export function toolAnswers({ requests }: ChatModel): string[] {
	const messages = requests.at(-1)?.messages ?? [];
	return callsIn(messages).map(({ id }) => answerTo(messages, id));
}
