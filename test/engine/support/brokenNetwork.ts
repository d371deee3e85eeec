/** What stands between n8n and HiDream and lets nothing through: proxies and firewalls. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What it does with a connection, once the first bytes are in. */
export type Behaviour = (socket: Socket) => void;

const answer = (status: number): Behaviour => (socket) => {
	const page = '<html>Blocked</html>';
	socket.end(`HTTP/1.1 ${status} No\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`);
};

export const close: Behaviour = (socket) => socket.end();
export const reset: Behaviour = (socket) => socket.resetAndDestroy();
export const staySilent: Behaviour = () => undefined;
export const answerWith = answer;
/** Opens the tunnel, and lets the TLS handshake fail. */
export const openThen = (then: Behaviour): Behaviour => (socket) => {
	socket.write('HTTP/1.1 200 OK\r\n\r\n');
	socket.once('data', () => then(socket));
};

/** A server that behaves so; `seen` counts its connections. */
export async function startBroken(behave: Behaviour) {
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
