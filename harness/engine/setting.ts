import { Workflow, type ICredentialsHelper, type IWorkflowBase, type IWorkflowExecuteAdditionalData, type IWorkflowSettings, type WorkflowExecuteMode } from 'n8n-workflow';
import { Container, ExecutionLifecycleHooks, ExternalSecretsProxy } from './core';
import type { CredentialStore } from './credentialStore';
import type { WorkflowPlan } from './plan';

/** Shared by all executions of one workflow. */
export interface EngineSetting {
	plan: WorkflowPlan;
	credentials: CredentialStore;
	settings: IWorkflowSettings;
	/** The URL at which n8n receives calls for suspended executions. */
	waitingUrl?: string;
	/** n8n does not save the execution, so it has no ID. */
	unsaved?: boolean;
	/** When n8n cancels the execution, in milliseconds since 1970. */
	timeoutAt?: number;
}

/** The workflow as n8n builds it from its database for each execution and each webhook. */
export function workflowOf({ plan, settings }: EngineSetting): Workflow {
	return new Workflow({
		id: 'engine-test',
		name: 'Engine test',
		nodes: structuredClone(plan.nodes),
		connections: plan.connections,
		active: false,
		nodeTypes: plan.types,
		settings: { executionOrder: 'v1', ...settings },
	});
}

/** What n8n passes to an execution in addition to its workflow; a resumed execution keeps its ID. */
export function additionalDataOf(
	setting: EngineSetting,
	workflow: Workflow,
	mode: WorkflowExecuteMode,
	executionId?: string,
): IWorkflowExecuteAdditionalData {
	const { plan, credentials, waitingUrl, unsaved = false, timeoutAt } = setting;
	const stored: IWorkflowBase = {
		...workflow,
		name: 'Engine test',
		connections: plan.connections,
		nodes: plan.nodes,
		isArchived: false,
		activeVersionId: null,
		createdAt: new Date(),
		updatedAt: new Date(),
	};
	const additionalData = additionalDataFor(credentials, mode, stored, {
		...(executionId !== undefined && { executionId }),
		...(waitingUrl !== undefined && { webhookWaitingBaseUrl: waitingUrl }),
	});
	if (unsaved) additionalData.executionId = undefined;
	return { ...additionalData, ...(timeoutAt !== undefined && { executionTimeoutTimestamp: timeoutAt }) };
}

const BASE = 'http://n8n.localhost';

/** A part of n8n that no run of this node should reach. */
function unexpected(what: string): () => never {
	return () => {
		throw new Error(`Unexpected call of ${what}`);
	};
}

let executions = 0;

/** What n8n passes to the engine for one execution: credentials, URLs, hooks. */
export function additionalDataFor(
	credentialsHelper: ICredentialsHelper,
	mode: WorkflowExecuteMode,
	workflow: IWorkflowBase,
	more: { executionId?: string; webhookWaitingBaseUrl?: string } = {},
): IWorkflowExecuteAdditionalData {
	const { executionId = String(++executions), webhookWaitingBaseUrl = `${BASE}/webhook-waiting` } = more;
	return {
		credentialsHelper,
		executionId,
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflow),
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		currentNodeExecutionIndex: 0,
		restApiUrl: `${BASE}/rest`,
		instanceBaseUrl: `${BASE}/`,
		formBaseUrl: `${BASE}/form`,
		formWaitingBaseUrl: `${BASE}/form-waiting`,
		formTestBaseUrl: `${BASE}/form-test`,
		webhookBaseUrl: `${BASE}/webhook`,
		webhookWaitingBaseUrl,
		webhookTestBaseUrl: `${BASE}/webhook-test`,
		mcpBaseUrl: `${BASE}/mcp`,
		mcpTestBaseUrl: `${BASE}/mcp-test`,
		variables: {},
		executeWorkflow: unexpected('executeWorkflow'),
		getRunExecutionData: unexpected('getRunExecutionData'),
		getRuntimeCredential: unexpected('getRuntimeCredential'),
		startRunnerTask: unexpected('startRunnerTask'),
		logAiEvent: unexpected('logAiEvent'),
	};
}
