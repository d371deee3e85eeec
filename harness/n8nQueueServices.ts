import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';

import { redisCommand } from './n8nQueueRedis';

/** Time limit of PostgreSQL for a connection. */
export const postgresTimeoutMs = 10_000;

const services = {
	DATABASE_URL: 'docker run -d -p 127.0.0.1:5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:16',
	REDIS_URL: 'docker run -d -p 127.0.0.1:6379:6379 redis:7',
	REDIS_SERVER_PATH: 'sudo apt-get install -y redis-server',
};

/** PostgreSQL or Redis is not available; the message says in one line how to get it. */
export class MissingServiceError extends Error {
	/** What is missing, and the variable with its URL or path. */
	readonly missing: string;
	/** The command that provides it. */
	readonly command: string;

	constructor(what: string, variable: keyof typeof services, cause: unknown) {
		super(`n8n's queue mode needs ${what}: set ${variable}, or get it with: ${services[variable]}`, { cause });
		this.missing = `${what} (${variable})`;
		this.command = services[variable];
	}
}

/** The error if PostgreSQL is not available. */
export const missingPostgres = ({ host }: URL, cause: unknown): MissingServiceError =>
	new MissingServiceError(`PostgreSQL at ${host}`, 'DATABASE_URL', cause);

/** The URL of PostgreSQL: `DATABASE_URL`, or its usual port. */
export const postgresAddress = (): URL => new URL(process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/postgres');

/** The URL of Redis: `REDIS_URL`, or its usual port. */
export const redisAddress = (): URL => new URL(process.env['REDIS_URL'] || 'redis://127.0.0.1:6379/0');

/** Throws `MissingServiceError` if Redis is not available. */
export async function pingRedis(redis: URL): Promise<void> {
	await redisCommand(redis, 'PING').catch((error: unknown) => {
		throw new MissingServiceError(`Redis at ${redis.host}`, 'REDIS_URL', error);
	});
}

/**
 * The program `redis-server`: `REDIS_SERVER_PATH`, or the one in `PATH`. A test restarts its own Redis server.
 *
 * @throws MissingServiceError if it is not installed
 */
export function redisServerPath(): string {
	const named = process.env['REDIS_SERVER_PATH'];
	const candidates = named ? [named] : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'redis-server'));
	const found = candidates.find((file) => existsSync(file));
	if (found === undefined) throw new MissingServiceError('redis-server', 'REDIS_SERVER_PATH', undefined);
	return found;
}

/** Only connects: n8n, which has the client, may not be installed yet. */
async function pingPostgres(postgres: URL): Promise<void> {
	const socket = connect(Number(postgres.port || '5432'), postgres.hostname);
	try {
		await once(socket, 'connect', { signal: AbortSignal.timeout(postgresTimeoutMs) });
	} catch (error) {
		throw missingPostgres(postgres, error);
	} finally {
		socket.destroy();
	}
}

/** Checks all that the queue suite needs. Throws `MissingServiceError` if something is not available. */
export async function checkQueueServices(): Promise<void> {
	redisServerPath();
	await pingRedis(redisAddress());
	await pingPostgres(postgresAddress());
}
