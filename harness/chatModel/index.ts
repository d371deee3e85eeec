import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { readChatRequest, ChatRefusal } from './protocol';
import type { ChatRequest } from './protocol';
import { Script } from './script';
import type { ChatReply, ScriptedReply } from './script';

export { toolResponse, callsIn } from './protocol';
export type { ChatRequest, ChatMessage, Tool } from './protocol';
export { calls, fails, says } from './script';
export type { ScriptedReply } from './script';

/** A running fake chat model with OpenAI's API (chat completions only). It follows its script and nothing else. */
export interface ChatModel {
	/** Base URL for a credential, with `/v1`. */
	readonly url: string;
	readonly apiKey: string;
	/** Every accepted request, oldest first. */
	readonly requests: readonly ChatRequest[];
	/** The reasons of rejected requests; empty after a successful test. */
	readonly refusals: readonly string[];
	/** Replies that were not requested yet. */
	readonly pending: number;
	/** Adds a conversation, which begins after the previous one. */
	converse(...turns: ScriptedReply[]): void;
	close(): Promise<void>;
}

function bodyOf(reply: Exclude<ChatReply, { status: number }>, { model }: ChatRequest, count: number) {
	const message = { role: 'assistant', content: null, refusal: null, ...reply };
	const finish_reason = 'tool_calls' in reply ? 'tool_calls' : 'stop';
	return {
		id: `chatcmpl-${count}`,
		object: 'chat.completion',
		created: Math.floor(Date.now() / 1_000),
		model,
		choices: [{ index: 0, message, logprobs: null, finish_reason }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

const errorBody = (message: string) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } });

/**
 * Starts the fake chat model on a free port of the loopback address. It rejects unexpected requests with a 4xx and records
 * them.
 */
export async function startChatModel(): Promise<ChatModel> {
	const apiKey = 'sk-chat-model-for-tests';
	const scripts: Script[] = [];
	const requests: ChatRequest[] = [];
	const refusals: string[] = [];
	const app = fastify({ forceCloseConnections: true, bodyLimit: 10 * 1024 * 1024 });

	app.post('/v1/chat/completions', async ({ headers, body }, reply) => {
		if (headers.authorization !== `Bearer ${apiKey}`) throw new ChatRefusal(401, 'a wrong API key');
		const request = readChatRequest(body);
		const script = scripts.find(({ pending }) => pending > 0) ?? scripts.at(-1);
		if (!script) throw new ChatRefusal(400, 'unexpected conversation');
		const said = script.reply(request);
		requests.push(request);
		if ('status' in said) return await reply.code(said.status).send(errorBody('the model is down'));
		return bodyOf(said, request, requests.length);
	});
	app.setNotFoundHandler(({ method, url }) => {
		throw new ChatRefusal(404, `unknown endpoint ${method} ${url}`);
	});
	app.setErrorHandler((error, _request, reply) => {
		const message = error instanceof Error ? error.message : String(error);
		refusals.push(message);
		void reply.code(error instanceof ChatRefusal ? error.status : 400).send(errorBody(message));
	});
	await app.listen({ port: 0, host: '127.0.0.1' });

	return {
		url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1`,
		apiKey,
		requests,
		refusals,
		get pending() {
			return scripts.reduce((sum, { pending }) => sum + pending, 0);
		},
		converse: (...turns) => void scripts.push(new Script(String(scripts.length + 1), turns)),
		close: async () => await app.close(),
	};
}
