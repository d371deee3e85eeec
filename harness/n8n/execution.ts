import { parse } from 'flatted';
import type { IDataObject, INodeExecutionData, IRunExecutionData, ITaskData } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import type { RestClient } from './restClient';
import { RestError } from './restClient';

interface ExecutionResponse {
	id: string;
	status: string;
	/** The run's data in flatted's format: a JSON array whose strings refer to each other by index. */
	data: string;
}

const active = new Set(['new', 'running', 'unknown']);
const unfinished = new Set([...active, 'waiting']);

/** An ended execution, with all its data in n8n. */
export class StoredExecution {
	readonly id: string;
	readonly status: string;
	/** The execution's data as n8n stores it, for searching it for secrets. */
	readonly raw: string;
	private readonly data: IRunExecutionData;

	constructor(response: ExecutionResponse) {
		this.id = response.id;
		this.status = response.status;
		this.raw = response.data;
		this.data = parse(response.data) as IRunExecutionData;
	}

	/** The error that ended the execution, if any. */
	get error(): { message: string; description?: string | null } | undefined {
		return this.data.resultData.error;
	}

	/** The items of one output of a node, in the node's last (or the given) run. */
	items(node: string, output = 0, run = -1): INodeExecutionData[] {
		return this.runs(node).at(run)?.data?.['main']?.[output] ?? [];
	}

	/** The JSON of those items. */
	json(node: string, output = 0): IDataObject[] {
		return this.items(node, output).map((item) => item.json);
	}

	/** All runs of a node. */
	runs(node: string): ITaskData[] {
		return this.data.resultData.runData[node] ?? [];
	}
}

/** Under load, or between two of its reads, n8n may not find an execution; it does later. */
function transientError(error: unknown): RestError {
	if (error instanceof RestError && error.status >= 500) return error;
	throw error;
}

/** Waits until the execution is in none of the states `transient`: until it has ended, or is suspended. */
async function executionPast(rest: RestClient, id: string, within: number, transient: ReadonlySet<string>): Promise<StoredExecution> {
	for (const deadline = Date.now() + within; ; await sleep(250)) {
		const seen = await rest.call<ExecutionResponse>('GET', `/executions/${id}`).catch(transientError);
		if (!(seen instanceof RestError) && !transient.has(seen.status)) return new StoredExecution(seen);
		if (Date.now() <= deadline) continue;
		const state = seen instanceof RestError ? seen.message : `still "${seen.status}"`;
		throw new Error(`Execution ${id}, after ${within / 1000} s: ${state}`);
	}
}

/** Waits until the execution has ended. */
export async function executionEnd(rest: RestClient, id: string, within: number): Promise<StoredExecution> {
	return await executionPast(rest, id, within, unfinished);
}

const suspendsWithin = 60_000;

/** Waits until the execution is suspended; returns its data so far. Throws if it ends instead. */
export async function executionSuspended(rest: RestClient, id: string): Promise<StoredExecution> {
	const execution = await executionPast(rest, id, suspendsWithin, active);
	if (execution.status !== 'waiting') throw new Error(`Execution ${id} is not suspended: it is "${execution.status}".`);
	return execution;
}

/** n8n's maximum page size. */
const maxPageSize = 100;

/** The IDs of a workflow's executions, newest first, at most 100. */
export async function executionIds(rest: RestClient, workflowId: string): Promise<string[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await rest.call<{ results: Array<{ id: string }> }>('GET', `/executions?filter=${filter}&limit=${maxPageSize}`);
	// n8n sorts them by their start, which a queued one does not have.
	return results.map(({ id }) => id).sort((a, b) => Number(b) - Number(a));
}

const existsWithin = 15_000;

/**
 * The ID of a workflow's newest execution. n8n responds to some webhooks before the execution exists, so this waits for the
 * first one.
 */
export async function newestExecution(rest: RestClient, workflowId: string): Promise<string> {
	for (const deadline = Date.now() + existsWithin; ; await sleep(100)) {
		const [newest] = await executionIds(rest, workflowId);
		if (newest !== undefined) return newest;
		if (Date.now() > deadline) throw new Error(`Workflow ${workflowId} has no execution after ${existsWithin / 1000} s.`);
	}
}
