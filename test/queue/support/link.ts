import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A port in front of a server of others, so that connections can be cut without harm to the server's other users. */
export interface Link {
	port: number;
	/** Cuts every connection; the next ones go through. Gives how many there were. */
	cut(): number;
	close(): Promise<void>;
}

/** Opens a port on the loopback address; what comes there goes to the given server. */
export async function openLink(host: string, port: number): Promise<Link> {
	const sockets = new Set<Socket>();
	const keep = (socket: Socket): void => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
		// Whoever cuts a connection also makes errors at its ends.
		socket.on('error', () => socket.destroy());
	};
	const server = createServer((near) => {
		const far = connect(port, host);
		keep(near);
		keep(far);
		near.pipe(far).pipe(near);
		near.once('close', () => far.destroy());
		far.once('close', () => near.destroy());
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const cut = (): number => {
		const count = sockets.size / 2;
		for (const socket of sockets) socket.destroy();
		return count;
	};
	return {
		port: (server.address() as AddressInfo).port,
		cut,
		async close() {
			server.close();
			cut();
			await once(server, 'close');
		},
	};
}
