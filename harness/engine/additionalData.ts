import type {
	ICredentialsHelper,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { Container, ExecutionLifecycleHooks, ExternalSecretsProxy } from './core';

const BASE = 'http://n8n.invalid';

/** A part of n8n that no run of this node should reach. */
function unexpected(what: string): () => never {
	return () => {
		throw new Error(`Unexpected call of ${what}`);
	};
}

let executions = 0;

/** What n8n hands the engine for one execution: the credentials, the URLs, the hooks. */
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
