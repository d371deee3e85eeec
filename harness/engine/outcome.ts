import { stringify } from 'flatted';
import type { ExecutionError, IDataObject, INodeExecutionData, IPairedItemData, IRun } from 'n8n-workflow';
import { logbook, type LogLevel } from './engine';

/** n8n treats an item with only these keys as failed. */
const FAILED_KEYS = ['error', 'message', 'details'];

/** The outcome of one execution, as n8n shows it. */
export class RunOutcome {
	constructor(
		readonly run: IRun,
		private readonly firstLine: number,
	) {}

	/** Items on an output of a node in one of its runs; throws if the node did not run. */
	items(node = 'Stylize', output = 0, round = 0): INodeExecutionData[] {
		const task = this.run.data.resultData.runData[node]?.[round];
		if (!task) throw new Error(`"${node}" had no run ${round}: ${this.error?.message ?? 'no error'}`);
		return task.data?.['main']?.[output] ?? [];
	}

	/** JSON of the node's items on its success output. */
	json(round = 0): IDataObject[] {
		return this.items('Stylize', 0, round).map((item) => item.json);
	}

	/** JSON of the items on the node's error output; n8n itself adds the fields of the input item. */
	failures(round = 0): IDataObject[] {
		const inputs = this.items('Source');
		return this.items('Stylize', 1, round).map(({ json, pairedItem }) => {
			const input = inputs[(pairedItem as IPairedItemData).item]?.json;
			if (!input) throw new Error('An item on the error output is not paired with an input item');
			const own = Object.entries(json).filter(([key]) => FAILED_KEYS.includes(key) || !Object.hasOwn(input, key));
			return Object.fromEntries(own);
		});
	}

	/** How often the node ended, successfully or not. */
	get rounds(): number {
		return this.run.data.resultData.runData['Stylize']?.length ?? 0;
	}

	/** The error that ended the execution, if any. */
	get error(): ExecutionError | undefined {
		return this.run.data.resultData.error;
	}

	/** The error that ended the execution; throws without one. */
	get failure(): ExecutionError {
		if (!this.error) throw new Error('The execution did not fail as expected');
		return this.error;
	}

	/** Message and description as one text, like a user reads them. */
	get words(): string {
		const { message, description } = this.failure as { message: string; description?: string | null };
		return `${message}\n${description ?? ''}`;
	}

	/** Messages of n8n's logger during the execution. */
	log(level: LogLevel): string[] {
		return logbook.messages(level, this.firstLine);
	}

	/** Everything of the execution that users, logs and n8n's database contain, as one text. */
	get everything(): string {
		return stringify([this.run, logbook.lines.slice(this.firstLine)]) + (this.error?.stack ?? '');
	}
}
