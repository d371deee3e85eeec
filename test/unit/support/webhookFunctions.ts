/** The webhooks of the trigger and of a suspended execution, and HiDream's responses to their status requests. */
import type { IDataObject, IHttpRequestOptions, INode, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { handleCallback } from '../../../nodes/shared/callbackHandler';
import { receive } from '../../../nodes/StylizeVideoTrigger/receive';
import { resume } from '../../../nodes/StylizeVideo/waiting/resume';
import { triggerParameters } from '../../../nodes/StylizeVideoTrigger/triggerParameters';
import { ofHiDream } from './credentials';
import { streamed } from './httpRequests';
import { strictDouble } from './strictDouble';

/** A trigger node, as n8n stores it. */
export interface Trigger {
	id: string;
	staticData: IDataObject;
}

export interface ReceivedCall {
	trigger?: Trigger;
	body?: unknown;
	rawBody?: string;
	query?: IDataObject;
	parameters?: IDataObject;
	credential?: IDataObject;
	manual?: boolean;
	/** HiDream's response to a status request; throw for none. */
	service?: (request: IHttpRequestOptions) => Promise<{ statusCode: number; body: string }>;
	/** The host of the videos. */
	media?: () => Promise<{ statusCode: number; headers: IDataObject; body: Readable }>;
}

export interface CallResult {
	/** The node's own response, or n8n's 200. */
	status: number;
	result: IWebhookResponseData;
	/** The item that starts the workflow; undefined if it does not start. */
	item: IDataObject | undefined;
	statusRequests: IHttpRequestOptions[];
	log: string[];
	/** Sends n8n's own response, if the node leaves it to n8n. */
	finish: (status: number) => void;
}

let triggers = 0;

export const newTrigger = (): Trigger => ({ id: `trigger-${++triggers}`, staticData: {} });

export const VIDEO = 'https://media.example.com/clip.mp4';

/** The tasks of a batch request. */
export const tasksIn = (body: unknown): string[] => (JSON.parse(String(body)) as { task_id_list: string[] }).task_id_list;

/** HiDream's batch response: every task has this `task_status`. */
export const tasksAre = (status: number) => async ({ body }: IHttpRequestOptions) => {
	const ids = tasksIn(body);
	const video = status === 1 ? VIDEO : '';
	const result = ids.map((id) => ({ task_id: id, sub_task_results: [{ task_status: status, task_completion: 1, video, ...(status === 3 && { description: 'too dark' }) }] }));
	return { statusCode: 200, body: JSON.stringify({ code: 0, result }) };
};

const forgotten = async ({ url }: IHttpRequestOptions) => ({
	statusCode: 200,
	body: JSON.stringify(url.endsWith('/batch') ? { code: 0, result: [] } : { code: 1404, message: 'no such task' }),
});

export const services = { forgotten };

/** The response to HiDream; a second one throws. */
export class FakeResponse extends EventEmitter {
	statusCode = 200;

	headersSent = false;

	status(code: number): this {
		this.statusCode = code;
		return this;
	}

	json(): this {
		if (this.headersSent) throw new Error('The webhook has already responded');
		this.headersSent = true;
		return this;
	}
}

/** The parameters of the trigger. */
const PARAMETERS: readonly string[] = triggerParameters.map(({ name }) => name);

/** The `this` of `webhook()`: everything that this package may use of n8n. */
export function fakeWebhookFunctions(call: ReceivedCall, response = new FakeResponse(), statusRequests: IHttpRequestOptions[] = [], log: string[] = []): IWebhookFunctions {
	const { trigger = newTrigger(), body = {}, rawBody, query = {}, parameters = {}, credential, manual = false } = call;
	const { service = tasksAre(1), media } = call;
	const note = (line: string) => void log.push(line);
	const request = strictDouble<ReturnType<IWebhookFunctions['getRequestObject']>>('request', {
		rawBody: Buffer.from(rawBody ?? JSON.stringify(body)),
	});
	const helpers = strictDouble<IWebhookFunctions['helpers']>('helpers', {
		httpRequestWithAuthentication: async (_name, options) => {
			statusRequests.push(options);
			const { body, ...answer } = await service(options);
			return { headers: {}, ...answer, body: streamed(body) };
		},
		...(media && {
			httpRequest: media,
			prepareBinaryData: async (stream) => {
				for await (const chunk of stream as Readable) void chunk;
				return { data: '', mimeType: 'video/mp4' };
			},
		}),
	});
	return strictDouble<IWebhookFunctions>('context', {
		helpers,
		logger: strictDouble<IWebhookFunctions['logger']>('logger', { info: note, warn: note }),
		getMode: () => (manual ? 'manual' : 'webhook'),
		getNode: () => ({ id: trigger.id }) as INode,
		getWorkflow: () => ({ id: 'workflow', active: true }),
		// n8n reads it from its database for each call.
		getWorkflowStaticData: () => trigger.staticData,
		getBodyData: () => body as IDataObject,
		getQueryData: () => query,
		getRequestObject: () => request,
		getResponseObject: () => response as unknown as ReturnType<IWebhookFunctions['getResponseObject']>,
		getNodeParameter: ((name: string, fallback: unknown) => {
			if (!PARAMETERS.includes(name)) throw new Error(`Unknown parameter "${name}"`);
			return parameters[name] ?? fallback;
		}) as IWebhookFunctions['getNodeParameter'],
		getCredentials: (async (type: string) =>
			ofHiDream(type, credential ?? { authentication: 'accessToken', accessToken: 'sk-secret', baseUrl: 'https://hidream.example.com' })) as IWebhookFunctions['getCredentials'],
	});
}

/** Sends one callback to the trigger, with all events selected by default. */
export async function callTrigger(call: ReceivedCall): Promise<CallResult> {
	const response = new FakeResponse();
	const statusRequests: IHttpRequestOptions[] = [];
	const log: string[] = [];
	const parameters = { events: ['succeeded', 'failed', 'rejected'], ...call.parameters };
	const result = await handleCallback(fakeWebhookFunctions({ ...call, parameters }, response, statusRequests, log), receive);
	if (result.noWebhookResponse === true && !response.headersSent) throw new Error('The webhook never responds');
	const finish = (status: number) => {
		response.statusCode = status;
		response.emit('finish');
	};
	return { status: response.statusCode, result, item: result.workflowData?.[0]?.[0]?.json, statusRequests, log, finish };
}

let executions = 0;

/** An execution that waits for its tasks' callbacks. */
export class SuspendedExecution {
	/** Every status request. */
	readonly statusRequests: IHttpRequestOptions[] = [];

	/** How often the stored items were read. */
	reads = 0;

	private readonly id = `suspended-${++executions}`;

	private readonly stored: string;

	constructor(taskIds: string[]) {
		const settings = { download: false, binaryField: 'data', maxBytes: 0, failsAsError: false };
		this.stored = JSON.stringify(taskIds.map((id) => ({ json: { task_id: id }, task: { id, settings } })));
	}

	async call(call: ReceivedCall) {
		const [response, log]: [FakeResponse, string[]] = [new FakeResponse(), []];
		const context = strictDouble<IWebhookFunctions>('context', {
			...fakeWebhookFunctions(call, response, this.statusRequests, log),
			getNode: () => ({ name: 'Stylize' }) as ReturnType<IWebhookFunctions['getNode']>,
			evaluateExpression: () => {
				this.reads += 1;
				return this.stored;
			},
			getExecutionId: () => this.id,
		});
		const result = await handleCallback(context, resume);
		return { result, status: response.statusCode, answered: response.headersSent, log };
	}
}
