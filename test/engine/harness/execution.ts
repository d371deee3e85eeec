import { parse, stringify } from 'flatted';
import { Workflow, type IRun, type IRunExecutionData, type IWorkflowSettings } from 'n8n-workflow';
import { additionalDataFor } from './additionalData';
import { WorkflowExecute } from './core';
import type { CredentialStore } from './credentialStore';
import { logbook } from './engine';
import { Outcome } from './outcome';
import type { Plan } from './plan';

/** The part of p-cancelable that n8n uses. */
interface Cancelable extends Promise<IRun> {
	cancel(): void;
}

/** One execution of a workflow: running, cancelled, ended, or retried. */
export class Execution {
	private readonly firstLine = logbook.lines.length;

	private readonly running: Cancelable;

	constructor(
		private readonly plan: Plan,
		private readonly credentials: CredentialStore,
		private readonly settings: IWorkflowSettings,
		failedBefore?: IRunExecutionData,
	) {
		const workflow = new Workflow({
			id: 'engine-test',
			name: 'Engine test',
			nodes: plan.nodes,
			connections: plan.connections,
			active: false,
			nodeTypes: plan.types,
			settings: { executionOrder: 'v1', ...settings },
		});
		const mode = failedBefore ? 'retry' : 'trigger';
		const base = { ...workflow, connections: plan.connections, nodes: plan.nodes, isArchived: false };
		const additionalData = additionalDataFor(credentials, mode, {
			...base,
			name: 'Engine test',
			activeVersionId: null,
			createdAt: new Date(),
			updatedAt: new Date(),
		});
		const startNode = workflow.getNode('Source') ?? undefined;
		this.running = failedBefore
			? new WorkflowExecute(additionalData, mode, failedBefore).processRunExecutionData(workflow)
			: new WorkflowExecute(additionalData, mode).run({ workflow, startNode });
	}

	/** How it ended. */
	async outcome(): Promise<Outcome> {
		return new Outcome(await this.running, this.firstLine);
	}

	/** Stops it as the Stop button does. */
	cancel(): void {
		this.running.cancel();
	}

	/**
	 * The user's Retry of this failed execution, from n8n's database: it goes on at the node that failed.
	 * @param onSave what n8n does to the data before it saves it
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
		return new Execution(this.plan, this.credentials, this.settings, data);
	}
}
