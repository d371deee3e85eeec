/** A service that answers whatever a test says, over real HTTP, and notes who asked it for what. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostileAnswer {
	status: number;
	headers?: Record<string, string>;
	body: Buffer;
	/** Bytes that go out at once. */
	piece?: number;
	/** The connection breaks behind the last piece. */
	breaks?: boolean;
}

export interface Asked {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	/** The body of the request was read to its end. */
	whole: boolean;
}

type Answering = HostileAnswer | ((response: ServerResponse) => void);

async function send(response: ServerResponse, { status, headers = {}, body, piece = body.length, breaks }: HostileAnswer): Promise<void> {
	response.on('error', () => undefined);
	const length = breaks ? { 'Content-Length': String(body.length + 1) } : {};
	response.writeHead(status, { ...headers, ...length });
	for (let at = 0; at < body.length && !response.destroyed; at += Math.max(1, piece)) {
		response.write(body.subarray(at, at + Math.max(1, piece)));
	}
	if (!breaks) return void response.end();
	// Later, so that what was written goes out first.
	await new Promise((resolve) => setImmediate(resolve));
	response.destroy();
}

/** Starts one on this machine; `answer` is what the next requests get. */
export async function startHostile() {
	const requests: Asked[] = [];
	const service = {
		url: '',
		port: 0,
		requests,
		answer: { status: 404, body: Buffer.alloc(0) } as Answering,
		/** Forgets what was asked, and answers so from now on. */
		next(answer: Answering) {
			requests.length = 0;
			service.answer = answer;
		},
		/** The requests that would make a task. */
		get submits() {
			return requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/video_edit/async'));
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
	const server = createServer((request, response) => {
		const { method = '', url: path = '', headers } = request;
		const asked: Asked = { method, path, headers, whole: false };
		requests.push(asked);
		request.resume();
		request.on('error', () => undefined);
		request.on('end', () => {
			asked.whole = true;
			if (typeof service.answer === 'function') service.answer(response);
			else void send(response, service.answer);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	service.port = (server.address() as AddressInfo).port;
	service.url = `http://127.0.0.1:${service.port}`;
	return service;
}

export type Hostile = Awaited<ReturnType<typeof startHostile>>;
