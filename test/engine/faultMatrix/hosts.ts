/** Addresses without a server, which may get one later. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Ports that an operating system does not assign by itself: no fake HiDream server that starts in the meantime may take
 * the closed one.
 */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
let next = process.pid * 64;

async function listening(server: Server, port: number): Promise<boolean> {
	server.listen(port, '127.0.0.1');
	return await once(server, 'listening').then(
		() => true,
		() => false,
	);
}

/** A port of this machine that is closed at first. */
export class ClosedPort {
	private readonly sockets = new Set<Socket>();

	private server?: Server;

	private constructor(private readonly port: number) {}

	/** Finds a free one. */
	static async find(): Promise<ClosedPort> {
		for (;;) {
			const server = createServer();
			if (!(await listening(server, FIRST_PORT + (next++ % PORTS)))) continue;
			const { port } = server.address() as AddressInfo;
			server.close();
			await once(server, 'close');
			return new ClosedPort(port);
		}
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Opens it: connections are forwarded to the service at `url`. */
	async open(url: string): Promise<void> {
		this.server = createServer((incoming) => {
			const outgoing = connect(Number(new URL(url).port), '127.0.0.1');
			for (const [from, to] of [[incoming, outgoing], [outgoing, incoming]] as const) {
				this.sockets.add(from);
				from.on('error', () => to.destroy());
				from.pipe(to);
			}
		});
		if (!(await listening(this.server, this.port))) throw new Error(`Another process took port ${this.port}`);
	}

	/** Closes it and all its connections. */
	close(): void {
		this.server?.close();
		for (const socket of this.sockets) socket.destroy();
	}
}
