import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that answers each POST with what came in, or with the status that a test has lined up. */
export async function startEcho() {
	const statuses: (number | 'silence')[] = [];
	const server = createServer((request, response) => {
		const hash = createHash('sha256');
		let bytes = 0;
		request.on('data', (chunk: Buffer) => {
			hash.update(chunk);
			bytes += chunk.length;
		});
		request.on('end', () => {
			const status = statuses.shift() ?? 200;
			if (status === 'silence') return;
			response.writeHead(status, { 'Content-Type': 'application/json' });
			const { authorization } = request.headers;
			response.end(JSON.stringify({ bytes, sha256: hash.digest('hex'), authorization }));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		/** What the next requests get, one each; then 200 again. */
		statuses,
		/** Resolves when a request has arrived in full and is left without an answer. */
		async silenced() {
			while (statuses.includes('silence')) await new Promise((resolve) => setTimeout(resolve, 5));
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
