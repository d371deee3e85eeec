import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { WorkflowJson } from '../../harness/n8n/workflow';
import { projectFolder } from '../../harness/packageTarball';

/** The value of a field of an "Edit Fields (Set)" node; a list is JSON. */
export type Value = string | number;

interface Assignment {
	name: string;
	value: unknown;
}

/** The credential that a node of the examples needs, by the start of its type. */
const credentialTypes: ReadonlyArray<readonly [string, string]> = [
	['n8n-nodes-hidream.', 'hiDreamApi'],
	['@n8n/n8n-nodes-langchain.lmChatOpenAi', 'openAiApi'],
];

/**
 * An example workflow with other values in its "Edit Fields (Set)" node, and a place for the credential in each node
 * that needs one. The files have none, since n8n only marks nodes without one.
 */
export async function example(file: string, values: Record<string, Value>): Promise<WorkflowJson> {
	const text = await readFile(join(projectFolder, 'examples', file), 'utf8');
	const workflow = JSON.parse(text) as WorkflowJson;
	for (const node of workflow.nodes) {
		const needed = credentialTypes.find(([start]) => node.type.startsWith(start));
		if (needed) node.credentials = { [needed[1]]: { id: null, name: '' } };
	}
	const names = new Set<string>();
	for (const node of workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.set')) {
		for (const assignment of assignmentsOf(node.parameters)) {
			names.add(assignment.name);
			assignment.value = values[assignment.name] ?? assignment.value;
		}
	}
	const unknown = Object.keys(values).filter((name) => !names.has(name));
	if (unknown.length > 0) throw new Error(`examples/${file} has no field ${unknown.join(', ')}.`);
	return workflow;
}

/** The workflow with this text in its note. */
export function withNote(workflow: WorkflowJson, content: string): WorkflowJson {
	const nodes = workflow.nodes.map((node) =>
		node.type === 'n8n-nodes-base.stickyNote' ? { ...node, parameters: { ...node.parameters, content } } : node,
	);
	return { ...workflow, nodes };
}

function assignmentsOf(parameters: object): Assignment[] {
	const { assignments } = parameters as { assignments?: { assignments?: Assignment[] } };
	return assignments?.assignments ?? [];
}
