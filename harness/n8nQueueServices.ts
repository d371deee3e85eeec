import { once } from 'node:events';
import { connect } from 'node:net';

import { redisCommand } from './n8nQueueRedis';

/** Time limit of PostgreSQL for a connection. */
export const postgresTimeoutMs = 10_000;

const services = {
	DATABASE_URL: 'docker run -d -p 127.0.0.1:5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:16',
	REDIS_URL: 'docker run -d -p 127.0.0.1:6379:6379 redis:7',
};

/** PostgreSQL or Redis is not available; the message says in one line how to start it. */
export class MissingServiceError extends Error {
	/** What is missing, and the variable with its URL. */
	readonly missing: string;
	/** The command that starts it. */
	readonly command: string;

	constructor(what: string, variable: keyof typeof services, cause: unknown) {
		super(`n8n's queue mode needs ${what}: set ${variable}, or start it with: ${services[variable]}`, { cause });
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

/** Checks both services. Throws `MissingServiceError` if one is not available. */
export async function checkQueueServices(): Promise<void> {
	await pingRedis(redisAddress());
	await pingPostgres(postgresAddress());
}
