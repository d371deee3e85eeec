import { Agent, request } from 'undici';
import { parseEnvelope, type Code } from '../../nodes/hidream/envelope';
import { isObject, vendorJson } from '../../nodes/hidream/vendorJson';

/** An answer as it came. */
export interface Answered {
	kind: 'answer';
	status: number;
	headers: Record<string, string>;
	text: string;
	/** The body as JSON; undefined when it is none. */
	json: unknown;
}

/** What came of a request: an answer, or in words why there is none. */
export type Reply = Answered | { kind: 'failed'; reason: string };

/** What to send. A body goes as JSON. */
export interface Request {
	url: string;
	method?: 'GET' | 'POST';
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: object;
}

/** A text as JSON, as the node reads it; undefined when it is none. */
export const parsed = (text: string): unknown => vendorJson(text) ?? undefined;

const plain = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])));

/** Sends requests and never throws. Redirects are not followed: they would take the token elsewhere. */
export class Client {
	private readonly agent = new Agent();

	/** @param timeoutMs how long to wait for an answer */
	constructor(private readonly timeoutMs: number) {}

	async send({ url, method = 'GET', query, headers, body }: Request): Promise<Reply> {
		try {
			const answer = await request(url, {
				method,
				query,
				headers: { accept: 'application/json', 'x-accept-language': 'en', ...(body && { 'content-type': 'application/json' }), ...headers },
				body: body ? JSON.stringify(body) : null,
				dispatcher: this.agent,
				signal: AbortSignal.timeout(this.timeoutMs),
			});
			const text = await answer.body.text();
			return { kind: 'answer', status: answer.statusCode, headers: plain(answer.headers), text, json: parsed(text) };
		} catch (error) {
			return { kind: 'failed', reason: error instanceof Error ? error.message || error.name : String(error) };
		}
	}

	async close(): Promise<void> {
		await this.agent.destroy();
	}
}

/** The vendor's `code`; undefined where the answer has none. */
export const codeOf = (reply: Reply): Code | undefined => (reply.kind === 'answer' ? parseEnvelope(reply.json).code : undefined);

/** An answer in one line. */
export function wordsOf(reply: Reply): string {
	if (reply.kind === 'failed') return `no answer: ${reply.reason}`;
	const code = codeOf(reply);
	const message = isObject(reply.json) && typeof reply.json.message === 'string' ? `, "${reply.json.message}"` : '';
	return `HTTP ${reply.status}, ${code === undefined ? `no code: ${reply.text.slice(0, 80)}` : `code ${code}${message}`}`;
}
