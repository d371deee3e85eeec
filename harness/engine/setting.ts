import { Workflow, type IWorkflowBase, type IWorkflowExecuteAdditionalData, type IWorkflowSettings, type WorkflowExecuteMode } from 'n8n-workflow';
import { additionalDataFor } from './additionalData';
import type { CredentialStore } from './credentialStore';
import type { Plan } from './plan';

/** All that the executions of one workflow have in common. */
export interface Setting {
	plan: Plan;
	credentials: CredentialStore;
	settings: IWorkflowSettings;
	/** Where n8n takes calls for executions that wait. */
	waitingUrl?: string;
	/** n8n does not save the execution, so it has no ID. */
	unsaved?: boolean;
	/** When n8n cancels the execution, in milliseconds since 1970. */
	timeoutAt?: number;
}

/** The workflow as n8n makes it of what is stored, anew for each execution and each webhook. */
export function workflowOf({ plan, settings }: Setting): Workflow {
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

/** What n8n gives an execution beside its workflow; an execution that goes on keeps its ID. */
export function additionalDataOf(
	setting: Setting,
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
