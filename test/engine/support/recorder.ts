import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface Recorded {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	/** The body's bytes, decoded as UTF-8. */
	body: string;
	/** The body as JSON. */
	json: Record<string, unknown>;
}

/** Vendor codes of the next answers, one each; then every submit is accepted. */
export type Codes = number[];

/** Takes submits down to the byte, where the stand-in only tells what it understood. */
export async function startRecorder() {
	const requests: Recorded[] = [];
	const codes: Codes = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks).toString('utf8');
			const json = JSON.parse(body) as Recorded['json'];
			const { method = '', url: path = '', headers } = request;
			requests.push({ method, path, headers, body, json });
			const code = codes.shift() ?? 0;
			const result = code === 0 ? { task_id: randomUUID(), sub_task_ids: [randomUUID()] } : undefined;
			response.writeHead(200, { 'Content-Type': 'application/json' });
			response.end(JSON.stringify({ code, message: `answer ${code}`, request_id: json['request_id'], result }));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		codes,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
