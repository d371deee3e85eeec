import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import type { Code } from '../../nodes/hidream/codes';
import { hasResponse, type Connection, type HttpClient, type TransportError } from '../../nodes/hidream/http';
import { sendQuery, type Query } from '../../nodes/hidream/query';
import { parseEnvelope, type ApiResponse } from '../../nodes/hidream/response';
import { post } from '../../nodes/hidream/submitTask';
import type { RequestBody } from '../../nodes/hidream/upload';
import { isObject, vendorJson } from '../../nodes/hidream/vendorJson';
import { failureText } from '../../nodes/shared/messages/aboutResponses';
import { httpError } from '../../nodes/shared/requestErrors';

/** A received response. */
export interface ReceivedReply {
	kind: 'answer';
	status: number;
	headers: Record<string, string>;
	text: string;
	/** The body as JSON; undefined if it is not JSON. */
	json: unknown;
}

/** The result of a request: a response, or the reason for its absence. */
export type LiveReply = ReceivedReply | { kind: 'failed'; reason: string };

/** Parses JSON like the node; undefined if the text is not JSON. */
export const parsed = (text: string): unknown => vendorJson(text) ?? undefined;

const plain = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])));

/**
 * The node's `HttpClient` over undici, which does not follow redirects.
 * @param token is sent with each request; empty for none
 */
const undiciClient = (dispatcher: Agent, token: string): HttpClient => async ({ method, url, query, headers, body, signal }) => {
	const all = { ...headers, ...(token !== '' && { Authorization: `Bearer ${token}` }) };
	const plainHeaders = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
	try {
		const response = await request(url, { method, query, headers: plainHeaders, body: (body ?? null) as Readable | string | null, dispatcher, signal });
		return { status: response.statusCode, headers: plain(response.headers), body: response.body };
	} catch (error) {
		throw httpError(error);
	}
};

function replyOf(result: ApiResponse | TransportError): LiveReply {
	if (!hasResponse(result)) return { kind: 'failed', reason: failureText(result) };
	const { status, headers, json, truncated } = result;
	return { kind: 'answer', status, headers: headers as Record<string, string>, text: truncated ?? JSON.stringify(json), json: json ?? undefined };
}

/** Sends requests with the node's own code and never throws. */
export class LiveClient {
	private readonly agent = new Agent();

	/** @param timeoutMs how long to wait for a response */
	constructor(private readonly timeoutMs: number) {}

	/** Sends a query that creates no task. */
	async query(query: Query, token = ''): Promise<LiveReply> {
		return replyOf(await sendQuery(this.connection(token), query, { timeoutMs: this.timeoutMs }));
	}

	/** Sends a submit, which may create a task. */
	async post(url: string, body: RequestBody, token: string): Promise<LiveReply> {
		const timeout = AbortSignal.timeout(this.timeoutMs);
		const result = await post(this.connection(token), { url, body }, timeout);
		return replyOf(!hasResponse(result) && timeout.aborted ? { code: 'brokeAfter', cause: 'idle' } : result);
	}

	async close(): Promise<void> {
		await this.agent.destroy();
	}

	/** The caller masks secrets before it shows a reply. */
	private connection(token: string): Connection {
		return { baseUrl: '', http: undiciClient(this.agent, token), redactor: () => (text) => text };
	}
}

/** HiDream's `code`; undefined if the response has none. */
export const replyCode = (reply: LiveReply): Code | undefined => (reply.kind === 'answer' ? parseEnvelope(reply.json).code : undefined);

/** A reply in one line. */
export function replyText(reply: LiveReply): string {
	if (reply.kind === 'failed') return `no response: ${reply.reason}`;
	const code = replyCode(reply);
	const message = isObject(reply.json) && typeof reply.json.message === 'string' ? `, "${reply.json.message}"` : '';
	return `HTTP ${reply.status}, ${code === undefined ? `no code: ${reply.text.slice(0, 80)}` : `code ${code}${message}`}`;
}
