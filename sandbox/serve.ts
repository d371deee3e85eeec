import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, type SandboxResponse } from './responses';
import type { Core } from './core';
import { Exchange } from './exchange';
import type { Endpoint } from './faults';
import { misbehave, type Effect } from './misbehave';

/** An endpoint: responds, or throws a `Refusal`. */
export type Handler = (exchange: Exchange) => SandboxResponse | Promise<SandboxResponse>;

/**
 * Wraps an endpoint with everything around it: the request log, latency, faults, refusals and the sending.
 *
 * @param endpoint its name for faults; undefined = no fault applies
 */
export function serve(core: Core, endpoint: Endpoint | undefined, handler: Handler) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		const exchange = new Exchange(request.raw, core.signal, core.settings.now(), endpoint ?? null, core.settings.recording);
		core.requests.push(exchange.record);
		try {
			await send(await effectOf(core, endpoint, exchange, handler), exchange, reply, core);
		} catch (error) {
			// The client disconnected, or the server is closing: there is no one to respond to.
			if (!request.raw.socket.destroyed && !core.signal.aborted) throw error;
			reply.hijack();
			request.raw.socket.destroy();
		}
		logLine(core, exchange);
	};
}

async function effectOf(core: Core, endpoint: Endpoint | undefined, exchange: Exchange, handler: Handler): Promise<Effect> {
	const fault = endpoint === undefined ? undefined : core.faults.take(endpoint);
	const handle = async () => await handler(exchange);
	try {
		if (core.settings.latencyMs > 0) await sleep(core.settings.latencyMs, undefined, { signal: core.signal });
		if (fault === undefined) return { do: 'respond', response: await handle() };
		return await misbehave(fault, exchange, handle, core.signal);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { do: 'respond', response: exchange.refuse(error.key, error.detail) };
	}
}

async function send(effect: Effect, exchange: Exchange, reply: FastifyReply, core: Core): Promise<void> {
	if (effect.do === 'reset' || effect.do === 'silence') {
		reply.hijack();
		if (effect.do === 'reset') exchange.raw.socket.resetAndDestroy();
		return;
	}
	exchange.discardRest();
	exchange.record.respondedAt = core.settings.now();
	if (effect.do === 'cut') {
		exchange.record.status = 200;
		reply.hijack();
		reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(effect.text) });
		reply.raw.write(effect.text.slice(0, effect.text.length / 2), () => reply.raw.destroy());
		return;
	}
	const { status, headers = {}, body } = effect.response;
	exchange.record.status = status;
	reply.code(status).headers(headers);
	if (typeof body === 'string' || body instanceof Readable) await reply.send(body);
	else await reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}

function logLine({ log, settings }: Core, { record }: Exchange): void {
	const outcome = record.status ?? 'no response';
	log(`${record.method} ${record.path} ${outcome}, ${record.bodyBytes} B in ${settings.now() - record.startedAt} ms`);
}
