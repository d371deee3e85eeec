import { createServer } from 'node:net';

/** Ports that were returned, but may not be in use yet. */
const returned = new Set<number>();

/** A free TCP port on the loopback address; this process returns each one once. */
export async function freePort(): Promise<number> {
	const port = await unusedPort();
	if (returned.has(port)) return await freePort();
	returned.add(port);
	return port;
}

async function unusedPort(): Promise<number> {
	return await new Promise<number>((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			const port = typeof address === 'object' && address !== null ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
}
