import type { IConnections, INode, IWorkflowSettings } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import type { RestClient } from './restClient';
import { RestError } from './restClient';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** A credential stored in n8n. */
export interface StoredCredential {
	id: string;
	name: string;
	type: string;
}

/** A workflow stored in n8n. */
export interface StoredWorkflow extends WorkflowJson {
	id: string;
	versionId: string;
}

/** The workflow with the given credentials in every node that names one of their types. */
export function withCredentials(workflow: WorkflowJson, credentials: StoredCredential[]): WorkflowJson {
	const nodes = workflow.nodes.map((node) => {
		const chosen = credentials.filter(({ type }) => node.credentials?.[type] !== undefined);
		const entries = chosen.map(({ id, name, type }) => [type, { id, name }] as const);
		return { ...node, credentials: { ...node.credentials, ...Object.fromEntries(entries) } };
	});
	return { ...workflow, nodes };
}

/** Stores a workflow. */
export async function storeWorkflow(rest: RestClient, workflow: WorkflowJson): Promise<StoredWorkflow> {
	const { name, nodes, connections, settings } = workflow;
	// n8n 1.x does not store a workflow without `active`.
	const active = false;
	return await rest.call<StoredWorkflow>('POST', '/workflows', { name, nodes, connections, settings: settings ?? {}, active });
}

const activeWithin = 30_000;

/** Activates a workflow, so that its webhooks respond at their production URL. n8n registers them some time after its response. */
export async function activateWorkflow(rest: RestClient, { id, versionId }: StoredWorkflow): Promise<void> {
	await rest.call('POST', `/workflows/${id}/activate`, { versionId });
	for (const deadline = Date.now() + activeWithin; ; await sleep(100)) {
		const status = await publicationStatus(rest, id);
		if (status === 'published') return;
		if (Date.now() > deadline) throw new Error(`Workflow ${id} is still "${status}" after ${activeWithin / 1000} s.`);
	}
}

/** n8n 1.x has no such endpoint: it registers the webhooks before it responds to the activation. */
async function publicationStatus(rest: RestClient, id: string): Promise<string> {
	try {
		const { status } = await rest.call<{ status: string }>('GET', `/workflows/${id}/publication-status`);
		return status;
	} catch (error) {
		if (error instanceof RestError && error.status === 404) return 'published';
		throw error;
	}
}

/** Runs a workflow like the editor's button; returns the execution's ID. */
export async function runWorkflow(rest: RestClient, workflow: StoredWorkflow): Promise<string> {
	const trigger = workflow.nodes.find(({ type }) => /trigger$/i.test(type));
	if (trigger === undefined) throw new Error(`Workflow "${workflow.name}" has no trigger to start from.`);
	// n8n 1.x runs the workflow in the request, 2.x the stored one.
	const body = { triggerToStartFrom: { name: trigger.name }, workflowData: workflow };
	const { executionId } = await rest.call<{ executionId: string }>('POST', `/workflows/${workflow.id}/run`, body);
	return executionId;
}
