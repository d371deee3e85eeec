/** The example `queue.json` in a real n8n: its workflow, and the rows of its table. */
import type { IDataObject } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { RestClient } from '../../harness/n8n/restClient';
import type { StoredCredential, StoredWorkflow, WorkflowJson } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import { projectFolder } from '../../harness/packageTarball';
import { example } from '../../scripts/demo/examples';

export const tableName = 'HiDream queue';

/** A row as the table shows it. */
export interface QueueRow extends IDataObject {
	id: number;
	video: string;
	status: string;
	task_id: string | null;
	note: string | null;
}

/** Which queue, and the times that a test shortens, in seconds. */
export interface QueueSettings {
	/** Between two rounds of the schedule: 5 minutes in the file. */
	schedule?: number;
	/** After which a row that is being sent counts as interrupted: 15 minutes in the file, 30 with files. */
	interrupted?: number;
	/** For how long no other round starts after one: 30 in the file. */
	round?: number;
	/** For which the queue sends nothing after three requests without a clear response: 5 minutes in the file. */
	pause?: number;
	/** Takes `queue-with-files.json`, and saves uploaded files in this folder. */
	folder?: string;
	/** The option "Notify URL" of the node that submits, as it is typed after `=`. */
	notifyUrl?: string;
	/** Whether the node that submits throws. */
	throws?: boolean;
}

/** The workflow of the queue with the settings. Throws where the file has no such time. */
export async function queueWorkflow({ schedule, interrupted, round, pause, folder, notifyUrl, throws }: QueueSettings = {}): Promise<WorkflowJson> {
	let text = JSON.stringify(await example(folder === undefined ? 'queue.json' : 'queue-with-files.json', {}));
	const replace = (from: string, to: string) => {
		if (!text.includes(from)) throw new Error(`The queue has no ${from}.`);
		text = text.replace(from, to);
	};
	if (schedule !== undefined) replace('{"field":"minutes","minutesInterval":5}', `{"field":"seconds","secondsInterval":${schedule}}`);
	if (interrupted !== undefined) replace(folder === undefined ? 'minus({ minutes: 15 })' : 'minus({ minutes: 30 })', `minus({ seconds: ${interrupted} })`);
	if (pause !== undefined) replace('Date.now() - 300000)', `Date.now() - ${1_000 * pause})`);
	if (round !== undefined) replace('plus({ seconds: 30 })', `plus({ seconds: ${round} })`);
	if (folder !== undefined) replace('/home/node/.n8n-files/', `${folder}/`);
	if (notifyUrl !== undefined) replace('"whenLimitReached":"return"', `"whenLimitReached":"return","notifyUrl":${JSON.stringify(`=${notifyUrl}`)}`);
	const workflow = JSON.parse(text) as WorkflowJson;
	if (!throws) return workflow;
	const stop = { type: 'n8n-nodes-base.stopAndError', typeVersion: 1, parameters: { errorMessage: 'Stopped by a test.' } };
	return { ...workflow, nodes: workflow.nodes.map((node) => (node.name === 'HiDream Submit' ? { ...node, ...stop } : node)) };
}

/** Stores and publishes the queue. */
export async function startVideoQueue(n8n: N8nInstance, credential: StoredCredential, settings?: QueueSettings): Promise<StoredWorkflow> {
	// n8n keeps the executions, so that a test can look at them.
	const json = { ...(await queueWorkflow(settings)), settings: { executionOrder: 'v1' as const } };
	const workflow = await n8n.importWorkflow(json, [credential]);
	await n8n.activate(workflow);
	return workflow;
}

interface Page<T> {
	count: number;
	data: T[];
}

/** The tables of the owner's project, through n8n's REST API. */
export class Tables {
	private constructor(
		private readonly rest: RestClient,
		private readonly path: string,
	) {}

	static async of(rest: RestClient): Promise<Tables> {
		const { id } = await rest.call<{ id: string }>('GET', '/projects/personal');
		return new Tables(rest, `/projects/${id}/data-tables`);
	}

	/** The ID of the table with exactly this name; undefined if there is none. */
	async find(name = tableName): Promise<string | undefined> {
		const { data } = await this.rest.call<Page<{ id: string; name: string }>>('GET', this.path);
		return data.find((table) => table.name === name)?.id;
	}

	/** Creates a table. */
	async create(name: string, columns: Array<{ name: string; type: string }>): Promise<string> {
		return (await this.rest.call<{ id: string }>('POST', this.path, { name, columns })).id;
	}

	/** Removes a table, if it exists. */
	async remove(name = tableName): Promise<void> {
		const id = await this.find(name);
		if (id !== undefined) await this.rest.call('DELETE', `${this.path}/${id}`);
	}

	/** The path of the table's page in n8n. */
	async page(name = tableName): Promise<string> {
		return `${this.path.replace('data-tables', 'datatables')}/${await this.find(name)}`;
	}

	/** All rows, oldest first; none while the table does not exist. */
	async rows(name = tableName): Promise<QueueRow[]> {
		const id = await this.find(name);
		if (id === undefined) return [];
		return (await this.rest.call<Page<QueueRow>>('GET', `${this.path}/${id}/rows?take=1000&sortBy=id:asc`)).data;
	}

	/** Puts rows in, as a CSV import does. */
	async insert(rows: IDataObject[], name = tableName): Promise<void> {
		await this.rest.call('POST', `${this.path}/${await this.find(name)}/insert`, { data: rows, returnType: 'count' });
	}

	/** Types a value into a cell. */
	async type(id: number, values: IDataObject, name = tableName): Promise<void> {
		const filter = { type: 'and', filters: [{ columnName: 'id', condition: 'eq', value: id }] };
		await this.rest.call('PATCH', `${this.path}/${await this.find(name)}/rows`, { filter, data: values });
	}
}

/** Columns of the table as the workflow creates it. */
export async function queueColumns(): Promise<Array<{ name: string; type: string }>> {
	const { nodes } = JSON.parse(await readFile(join(projectFolder, 'examples', 'queue.json'), 'utf8')) as WorkflowJson;
	const create = nodes.find(({ name }) => name === 'Make table');
	return (create?.parameters['columns'] as { column: Array<{ name: string; type: string }> }).column;
}
