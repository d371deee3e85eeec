/** A suspended execution, handled like n8n 2.41 handles it (`waiting-webhooks.js`, `webhook-helpers.js`, `wait-tracker.js`). */
import { parse } from 'flatted';
import type { IDataObject, INodeExecutionData, IRunExecutionData, IWebhookData, IWebhookResponseData } from 'n8n-workflow';
import { WebhookContext } from './core';
import { additionalDataOf, workflowOf, type EngineSetting } from './setting';
import { WebhookResponse, type WebhookReply } from './webhookResponse';

/** A POST to the resume URL. */
export interface ResumeCall {
	body: IDataObject;
	query: Record<string, string>;
	headers?: Record<string, string>;
}

const CLOSED: WebhookReply = { status: 409, body: { message: 'The execution is not waiting' } };

/** @typeParam E the execution that continues */
export class Suspended<E> {
	private execution?: E;

	private readonly onResume: ((execution: E) => void)[] = [];

	constructor(
		private readonly setting: EngineSetting,
		readonly executionId: string,
		private readonly stored: string,
		/** The time at which n8n ends the wait. */
		readonly waitTill: Date,
		private readonly resumeWith: (data: IRunExecutionData) => E,
	) {}

	/** The token that n8n compares the resume URL with. */
	get token(): string | undefined {
		return this.read().resumeToken;
	}

	/** Whether it is still suspended. */
	get waits(): boolean {
		return this.execution === undefined;
	}

	/** The items that n8n stores for the node while it waits: the node's output after a timeout. */
	get items(): INodeExecutionData[] {
		return this.entryOf(this.read()).data['main']?.[0] ?? [];
	}

	/** Calls the node's `webhook()`, and resumes if it returns output; only the first such call counts. */
	async call(call: ResumeCall): Promise<WebhookReply> {
		if (this.execution) return CLOSED;
		const data = this.read();
		const entry = this.entryOf(data);
		entry.node.disabled = true;
		delete data.waitTill;
		data.resultData.runData[this.lastNode(data)]?.pop();
		const { result, answer } = await this.runWebhook(data, call);
		if (result.workflowData !== undefined) {
			entry.data['main'] = result.workflowData;
			entry.metadata = { ...entry.metadata, forwardAllOutputs: true };
			this.resume(data);
		}
		return answer;
	}

	/** What n8n does when the wait times out. */
	timeOut(): E {
		if (this.execution) throw new Error('The execution is no longer suspended');
		return this.resume(this.read());
	}

	/** The resumed execution, once a call has ended the wait. */
	async resumed(): Promise<E> {
		return this.execution ?? (await new Promise<E>((resolve) => this.onResume.push(resolve)));
	}

	private resume(data: IRunExecutionData): E {
		const execution = (this.execution ??= this.resumeWith(data));
		for (const tell of this.onResume.splice(0)) tell(execution);
		return execution;
	}

	private async runWebhook(data: IRunExecutionData, { body, query, headers = {} }: ResumeCall) {
		const workflow = workflowOf(this.setting);
		const node = workflow.getNode(this.lastNode(data));
		if (!node) throw new Error('The waiting node is not in the workflow');
		const type = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const webhookDescription = type.description.webhooks?.find(
			({ restartWebhook, httpMethod, path }) => restartWebhook === true && httpMethod === 'POST' && path === '',
		);
		if (!webhookDescription || !type.webhook) throw new Error('The node has no webhook that ends a wait');
		const additionalData = additionalDataOf(this.setting, workflow, 'trigger', this.executionId);
		const response = new WebhookResponse();
		Object.assign(additionalData, { httpRequest: { body, query, headers, params: {} }, httpResponse: response });
		const webhookData: IWebhookData = {
			httpMethod: 'POST',
			node: node.name,
			path: '',
			webhookDescription,
			workflowId: 'engine-test',
			workflowExecuteAdditionalData: additionalData,
		};
		const context = new WebhookContext(workflow, node, additionalData, 'trigger', webhookData, [], data);
		const result: IWebhookResponseData = await type.webhook.call(context);
		return { result, answer: response.finish(result) };
	}

	/** Parsed for each call: n8n reads it from its database, maybe in another process. */
	private read(): IRunExecutionData {
		return parse(this.stored) as IRunExecutionData;
	}

	private entryOf({ executionData }: IRunExecutionData) {
		const entry = executionData?.nodeExecutionStack[0];
		if (!entry) throw new Error('No node is waiting');
		return entry;
	}

	private lastNode({ resultData }: IRunExecutionData): string {
		if (resultData.lastNodeExecuted === undefined) throw new Error('No node was executed');
		return resultData.lastNodeExecuted;
	}
}
