import { parse, stringify } from 'flatted';
import type { IRun, IRunExecutionData, WorkflowExecuteMode } from 'n8n-workflow';
import { WorkflowExecute } from './core';
import { logbook } from './engine';
import { RunOutcome } from './outcome';
import { Suspended } from './suspended';
import { additionalDataOf, workflowOf, type EngineSetting } from './setting';

/** The part of p-cancelable that n8n uses. */
interface Cancelable extends Promise<IRun> {
	cancel(): void;
}

/** An execution from n8n's database that continues. */
export interface Saved {
	data: IRunExecutionData;
	mode: WorkflowExecuteMode;
	/** A retry is a new execution; a resumed one keeps its ID. */
	executionId?: string;
}

/** One execution of a workflow: running, cancelled, suspended, ended, or retried. */
export class Execution {
	/** Its ID in n8n's database. */
	readonly id: string;

	private readonly firstLine = logbook.lines.length;

	private readonly running: Cancelable;

	constructor(
		private readonly setting: EngineSetting,
		saved?: Saved,
	) {
		const workflow = workflowOf(setting);
		const mode = saved?.mode ?? 'trigger';
		const additionalData = additionalDataOf(setting, workflow, mode, saved?.executionId);
		this.id = additionalData.executionId ?? '';
		const startNode = workflow.getNode('Source') ?? undefined;
		this.running = saved
			? new WorkflowExecute(additionalData, mode, saved.data).processRunExecutionData(workflow)
			: new WorkflowExecute(additionalData, mode).run({ workflow, startNode });
	}

	/** Its outcome. */
	async outcome(): Promise<RunOutcome> {
		return new RunOutcome(await this.running, this.firstLine);
	}

	/** The suspended execution, as n8n saves it; throws if the execution has ended instead. */
	async suspended(): Promise<Suspended<Execution>> {
		const { data, waitTill, status } = await this.running;
		if (!waitTill) throw new Error(`The execution was not suspended, it ended: ${status} ${data.resultData.error?.message ?? ''}`);
		const resume = (saved: IRunExecutionData) => new Execution(this.setting, { data: saved, mode: 'trigger', executionId: this.id });
		return new Suspended(this.setting, this.id, stringify(data), waitTill, resume);
	}

	/** Stops it as the Stop button does. */
	cancel(): void {
		this.running.cancel();
	}

	/**
	 * The user's Retry of this failed execution, from n8n's database: it continues at the failed node.
	 * @param onSave changes the data like n8n does before it saves it
	 */
	async retry(onSave: (data: IRunExecutionData) => Promise<void> = async () => undefined): Promise<Execution> {
		const { data: ended } = await this.running;
		await onSave(ended);
		const data = parse(stringify(ended)) as IRunExecutionData;
		const { resultData } = data;
		const last = resultData.lastNodeExecuted;
		if (last === undefined) throw new Error('There is nothing to retry: no node was executed');
		delete resultData.error;
		const tasks = resultData.runData[last];
		if (tasks?.at(-1)?.error !== undefined) tasks.pop();
		return new Execution(this.setting, { data, mode: 'retry' });
	}
}
