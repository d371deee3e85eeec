import { parse } from 'flatted';
import type { IDataObject, INodeExecutionData, IRunExecutionData, ITaskData } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import type { RestClient } from './restClient';

interface ExecutionAnswer {
	id: string;
	status: string;
	/** The run's data in flatted's format: a JSON array whose strings refer to each other by index. */
	data: string;
}

const underWay = new Set(['new', 'running', 'waiting', 'unknown']);

/** An execution that has ended, with all that n8n keeps of it. */
export class Execution {
	readonly id: string;
	readonly status: string;
	/** The execution's data as n8n stores it, to be searched for what must not be in it. */
	readonly raw: string;
	private readonly data: IRunExecutionData;

	constructor(answer: ExecutionAnswer) {
		this.id = answer.id;
		this.status = answer.status;
		this.raw = answer.data;
		this.data = parse(answer.data) as IRunExecutionData;
	}

	/** The error that ended the execution, if one did. */
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

/** Waits until the execution is in none of the states `passing`: until it has ended, or until it sleeps. */
export async function executionEnd(rest: RestClient, id: string, within: number, passing: ReadonlySet<string> = underWay): Promise<Execution> {
	for (const deadline = Date.now() + within; ; await sleep(250)) {
		const answer = await rest.call<ExecutionAnswer>('GET', `/executions/${id}`);
		if (!passing.has(answer.status)) return new Execution(answer);
		if (Date.now() > deadline) throw new Error(`Execution ${id} is still "${answer.status}" after ${within / 1000} s.`);
	}
}

/** The ID of a workflow's newest execution. */
export async function newestExecution(rest: RestClient, workflowId: string): Promise<string> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await rest.call<{ results: Array<{ id: string }> }>('GET', `/executions?filter=${filter}&limit=1`);
	const [newest] = results;
	if (newest === undefined) throw new Error(`Workflow ${workflowId} has no execution.`);
	return newest.id;
}
