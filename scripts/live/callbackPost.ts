import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A received callback. */
export interface Callback {
	method: string;
	headers: Record<string, string>;
	body: string;
}

/** Receives callbacks at a public URL that leads to this machine. */
export interface CallbackPost {
	port: number;
	readonly received: readonly Callback[];
	close: () => Promise<void>;
}

/** Receives callbacks on this machine and responds to each with a 200, which ends them (CERTAIN: only 200 does). */
export async function openCallbackPost(port: number): Promise<CallbackPost> {
	const received: Callback[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
		request.on('end', () => {
			const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
			received.push({ method: request.method ?? '', headers, body });
			response.end('{}');
		});
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		received,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
