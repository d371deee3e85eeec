/** An execution that is suspended on its tasks, and the callbacks it gets. */
import type { IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';
import { wakeSafely } from '../../../nodes/StylizeVideo/waiting/wake';
import { contextOf, Response } from '../trigger/support';
import type { Call } from '../trigger/support';
import { strictDouble } from './strictDouble';

let executions = 0;

export class Suspended {
	/** Every status request. */
	readonly asked: IHttpRequestOptions[] = [];

	/** How often the stored items were read. */
	reads = 0;

	private readonly id = `suspended-${++executions}`;

	private readonly stored: string;

	constructor(taskIds: string[]) {
		const settings = { download: false, binaryField: 'data', maxBytes: 0, failsAsError: false };
		this.stored = JSON.stringify(taskIds.map((id) => ({ json: { task_id: id }, task: { id, settings } })));
	}

	async call(call: Call) {
		const [response, log]: [Response, string[]] = [new Response(), []];
		const context = strictDouble<IWebhookFunctions>('context', {
			...contextOf(call, response, this.asked, log),
			getNode: () => ({ name: 'Stylize' }) as ReturnType<IWebhookFunctions['getNode']>,
			evaluateExpression: () => {
				this.reads += 1;
				return this.stored;
			},
			getExecutionId: () => this.id,
		});
		const result = await wakeSafely(context);
		return { result, status: response.statusCode, answered: response.headersSent, log };
	}
}
