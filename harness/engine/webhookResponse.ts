import type { IWebhookResponseData } from 'n8n-workflow';

/** The response of a webhook. */
export interface WebhookReply {
	status: number;
	body: unknown;
}

/** Replaces the part of Express's response that a node may use; it can respond once. */
export class WebhookResponse {
	private code = 200;

	private reply?: WebhookReply;

	get headersSent(): boolean {
		return this.reply !== undefined;
	}

	status(code: number): this {
		this.code = code;
		return this;
	}

	json(body: unknown): this {
		return this.end(body);
	}

	send(body?: unknown): this {
		return this.end(body);
	}

	end(body?: unknown): this {
		if (this.reply) throw new Error('The webhook has already responded');
		this.reply = { status: this.code, body };
		return this;
	}

	/** The node's own response, or else n8n's. */
	finish({ noWebhookResponse, webhookResponse }: IWebhookResponseData): WebhookReply {
		if (this.reply) return this.reply;
		if (noWebhookResponse) throw new Error('The webhook never responds');
		return { status: 200, body: webhookResponse ?? { message: 'Webhook call received' } };
	}
}
