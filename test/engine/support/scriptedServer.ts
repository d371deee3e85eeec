/** An HTTP server that sends the responses of a test and records the requests. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A response, byte by byte. */
export interface Scripted {
	status: number;
	headers?: Record<string, string>;
	body: Buffer;
	/** Bytes per write. */
	piece?: number;
	/** Breaks the connection after the last piece. */
	breaks?: boolean;
}

/** A received request. */
export class ReceivedRequest {
	/** The body, decoded as UTF-8; empty until it has arrived completely. */
	body = '';

	constructor(
		readonly method: string,
		readonly path: string,
		readonly headers: IncomingHttpHeaders,
	) {}

	get json(): Record<string, unknown> {
		return JSON.parse(this.body) as Record<string, unknown>;
	}
}

type Responder = Scripted | ((response: ServerResponse, request: ReceivedRequest) => void);

async function send(response: ServerResponse, { status, headers = {}, body, piece = body.length, breaks }: Scripted): Promise<void> {
	response.on('error', () => undefined);
	const length = breaks ? { 'Content-Length': String(body.length + 1) } : {};
	response.writeHead(status, { ...headers, ...length });
	for (let at = 0; at < body.length && !response.destroyed; at += Math.max(1, piece)) {
		response.write(body.subarray(at, at + Math.max(1, piece)));
	}
	if (!breaks) return void response.end();
	// Later, so that the written bytes are sent first.
	await new Promise((resolve) => setImmediate(resolve));
	response.destroy();
}

/** Accepts submits, but refuses the first ones with these codes, one each. */
export const acceptAfter = (...codes: number[]): Responder => (response, { json }) => {
	const code = codes.shift() ?? 0;
	const result = code === 0 ? { task_id: randomUUID(), sub_task_ids: [randomUUID()] } : undefined;
	response.writeHead(200, { 'Content-Type': 'application/json' });
	response.end(JSON.stringify({ code, message: `response ${code}`, request_id: json['request_id'], result }));
};

/** Starts a server; it responds with 404 until `respond` is called. */
export async function startScriptedServer() {
	const requests: ReceivedRequest[] = [];
	let responder: Responder = { status: 404, body: Buffer.alloc(0) };
	const server = createServer((incoming, response) => {
		const { method = '', url = '', headers } = incoming;
		const request = new ReceivedRequest(method, url, headers);
		requests.push(request);
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('error', () => undefined);
		incoming.on('end', () => {
			request.body = Buffer.concat(chunks).toString('utf8');
			if (typeof responder === 'function') responder(response, request);
			else void send(response, responder);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		requests,
		/** Clears the requests, and sends this response from now on. */
		respond(next: Responder) {
			requests.length = 0;
			responder = next;
		},
		/** The received submit requests. */
		get submits() {
			return requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/video_edit/async'));
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

export type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>;
