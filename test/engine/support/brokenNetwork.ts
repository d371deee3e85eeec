/** Proxies and firewalls between n8n and HiDream that break every connection. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Handles a connection after its first bytes. */
export type Behavior = (socket: Socket) => void;

const response = (status: number): Behavior => (socket) => {
	const page = '<html>Blocked</html>';
	socket.end(`HTTP/1.1 ${status} No\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`);
};

export const close: Behavior = (socket) => socket.end();
export const reset: Behavior = (socket) => socket.resetAndDestroy();
export const staySilent: Behavior = () => undefined;
export const answerWith = response;
/** Opens the tunnel, and breaks the TLS handshake. */
export const openThen = (then: Behavior): Behavior => (socket) => {
	socket.write('HTTP/1.1 200 OK\r\n\r\n');
	socket.once('data', () => then(socket));
};

/** A server with this behavior; `seen` counts its connections. */
export async function startBroken(behave: Behavior) {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.once('data', () => behave(socket));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	server.unref();
	const { port } = server.address() as AddressInfo;
	return {
		address: `127.0.0.1:${port}`,
		get seen() {
			return sockets.size;
		},
		close() {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
}
