import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Where to look: no system takes its outgoing connections from here. Otherwise one of them could take the port of a
 * process while it is restarted.
 */
const range = [10_000, 32_768] as const;

/** Ports that were returned, but may not be in use yet. */
const returned = new Set<number>();

/** A free TCP port on the loopback address; this process returns each one once. */
export async function freePort(): Promise<number> {
	const port = randomInt(...range);
	if (returned.has(port) || !(await isFree(port))) return await freePort();
	returned.add(port);
	return port;
}

async function isFree(port: number): Promise<boolean> {
	return await new Promise<boolean>((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
