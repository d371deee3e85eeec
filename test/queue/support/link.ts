import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

import { postgresAddress, redisAddress } from '../../../harness/n8nQueueServices';

/** A TCP proxy in front of a service: it can cut its own connections without affecting other users of the service. */
export interface Link {
	port: number;
	/** Cuts all connections; new ones work. Returns the number of connections cut. */
	cut(): number;
	close(): Promise<void>;
}

/** Opens a TCP proxy on the loopback address. */
async function openLink(host: string, port: number): Promise<Link> {
	const sockets = new Set<Socket>();
	const keep = (socket: Socket): void => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
		// A cut connection causes errors at both ends.
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

/** The links between n8n and its services. */
export interface ServiceLinks {
	Redis: Link;
	PostgreSQL: Link;
	/** Makes n8n connect through the links. */
	env: NodeJS.ProcessEnv;
	close(): Promise<void>;
}

/** Opens a link to Redis and one to PostgreSQL. */
export async function openServiceLinks(): Promise<ServiceLinks> {
	const [redis, postgres] = [redisAddress(), postgresAddress()];
	const Redis = await openLink(redis.hostname, Number(redis.port || 6379));
	const PostgreSQL = await openLink(postgres.hostname, Number(postgres.port || 5432));
	const env = {
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(Redis.port),
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(PostgreSQL.port),
	};
	return {
		Redis,
		PostgreSQL,
		env,
		async close() {
			await Promise.all([Redis.close(), PostgreSQL.close()]);
		},
	};
}
