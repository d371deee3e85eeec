import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { IDataObject } from 'n8n-workflow';
import { WAITING_TOKEN_QUERY_PARAM } from './core';
import type { Execution } from './execution';
import type { Suspended } from './suspended';
import type { WebhookReply } from './webhookResponse';

/** A call and its response. */
export interface Delivered extends WebhookReply {
	executionId: string;
	call: IDataObject;
}

/** Replaces n8n's webhook process: receives calls for suspended executions over HTTP. */
export class WaitingWebhooks {
	/** Every call that got a response, in order. */
	readonly delivered: Delivered[] = [];

	/** Errors of `webhook()`, which must never throw. */
	readonly thrown: unknown[] = [];

	private readonly suspended = new Map<string, Suspended<Execution>>();

	private readonly server = createServer((request, response) => {
		void this.answer(request).then(({ status, body }) => {
			response.writeHead(status, { 'Content-Type': 'application/json' });
			response.end(JSON.stringify(body ?? null));
		});
	});

	async listen(): Promise<this> {
		this.server.listen(0, '127.0.0.1');
		await once(this.server, 'listening');
		return this;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhook-waiting`;
	}

	/** Receives calls for this execution once it is suspended; earlier ones get a 409, as from n8n. */
	async suspend(execution: Execution): Promise<Suspended<Execution>> {
		const suspended = await execution.suspended();
		this.suspended.set(suspended.executionId, suspended);
		return suspended;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await once(this.server, 'close');
	}

	private async answer(request: IncomingMessage): Promise<WebhookReply> {
		const url = new URL(request.url ?? '/', this.url);
		const executionId = url.pathname.split('/').at(-1) ?? '';
		// n8n compares the first of two parameters with the same name.
		const query = Object.fromEntries([...url.searchParams].reverse());
		const body = JSON.parse((await text(request)) || '{}') as IDataObject;
		const answer = await this.handle(executionId, body, query);
		this.delivered.push({ executionId, call: body, ...answer });
		return answer;
	}

	private async handle(executionId: string, body: IDataObject, query: Record<string, string>): Promise<WebhookReply> {
		const suspended = this.suspended.get(executionId);
		if (!suspended) return { status: 409, body: { message: `The execution "${executionId}" is running already.` } };
		if (query[WAITING_TOKEN_QUERY_PARAM] !== suspended.token) return { status: 401, body: { error: 'Invalid token' } };
		try {
			return await suspended.call({ body, query });
		} catch (error) {
			this.thrown.push(error);
			return { status: 500, body: { message: String(error) } };
		}
	}
}
