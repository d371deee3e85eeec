import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import type { ChatModel, ScriptedReply } from '../../harness/chatModel';
import { toolResponse, calls, callsIn, startChatModel } from '../../harness/chatModel';
import type { StoredExecution } from '../../harness/n8n/execution';
import { executionSuspended, newestExecution } from '../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import type { Sandbox, SandboxSettings } from '../../sandbox';
import type { AgentSetup } from './agentWorkflow';
import { agentName, agentWorkflow, byModel, toolName } from './agentWorkflow';
import type { TestN8n } from './n8n';
import { until, useN8n } from './n8n';
import type { N8nContext } from './n8n';

/** An n8n for an agent, in regular or in queue mode. */
interface AgentHost {
	readonly instance: N8nInstance;
	credential(sandbox: Sandbox, data?: ICredentialDataDecryptedObject): Promise<StoredCredential>;
}

/** The context of a test of an agent: n8n, and its own fake HiDream server and fake chat model. */
export interface AgentContext<B extends AgentHost = TestN8n> extends N8nContext<B> {
	readonly model: ChatModel;
	/** Stores credentials for both fakes. */
	credentials(more?: ICredentialDataDecryptedObject): Promise<StoredCredential[]>;
	/** Stores and activates a workflow whose agent has the node as its tool. */
	workflow(setup: AgentSetup, more?: ICredentialDataDecryptedObject): Promise<StoredWorkflow>;
	/** Sends a message to the agent and waits for the end; returns the execution and the agent's reply. */
	ask(workflow: StoredWorkflow): Promise<{ execution: StoredExecution; said: unknown }>;
}

/** Adds a fake chat model. The test fails if the model gets an unexpected request. */
export function withAgent<B extends AgentHost>(on: N8nContext<B>): AgentContext<B> {
	let model: ChatModel | undefined;
	const there = (): ChatModel => {
		if (model === undefined) throw new Error('The chat model runs only during a test.');
		return model;
	};
	beforeEach(async () => {
		model = await startChatModel();
	});
	afterEach(async () => {
		await there().close();
		expect(there().refusals).toEqual([]);
		expect(there().pending).toBe(0);
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
			const stored = await on.n8n.instance.importWorkflow(agentWorkflow(randomUUID(), setup), await credentials(more));
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

/** A fake chat model for each test, and the n8n that the suite shares. */
export function useAgent(settings: Partial<SandboxSettings> = {}): AgentContext {
	return withAgent(useN8n(settings));
}

/** One call of the tool, or several in one reply. */
export const callsTool = (...args: IDataObject[]): ScriptedReply => calls(...args.map((each) => ({ tool: toolName, args: each })));

/** The tool's response to each call, as the model saw it at the end. */
export function toolResponses({ requests }: ChatModel): string[] {
	const messages = requests.at(-1)?.messages ?? [];
	return callsIn(messages).map(({ id }) => toolResponse(messages, id));
}

/** Sends a message to an agent whose tool waits by callback, and waits until n8n has suspended it. */
export async function suspendedAgent(on: AgentContext): Promise<{ id: string; untilSuspended(tasks: number): Promise<void> }> {
	const parameters = { ...byModel, operation: 'submitAndWait', waitFor: 'callback' };
	const workflow = await on.workflow({ parameters, suspends: true });
	await on.n8n.instance.callWebhook(workflow.name, { ask: 'Restyle my video, please.' });
	const id = await newestExecution(on.n8n.instance.rest, workflow.id);
	const untilSuspended = async (tasks: number): Promise<void> => {
		await until(`task ${tasks} is submitted`, () => on.sandbox.tasks.length === tasks);
		await executionSuspended(on.n8n.instance.rest, id);
	};
	await untilSuspended(1);
	return { id, untilSuspended };
}

/** Asserts that the agent succeeded and named all tasks, and that there are this many. */
export function expectAgentSaid(execution: StoredExecution, { tasks }: Sandbox, count: number): void {
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	expect(tasks).toHaveLength(count);
	const said = String(execution.json(agentName)[0]?.['output']);
	for (const { taskId } of tasks) expect(said).toContain(taskId);
}
