import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

import { redisCommand, removeKeys } from './n8nQueueRedis';

const prefix = 'n8n_hidream_';

const howToStart =
	'docker run -d -p 127.0.0.1:5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:16; docker run -d -p 127.0.0.1:6379:6379 redis:7';

/** PostgreSQL or Redis cannot be reached; the message says in one line how to start them. */
export class MissingServiceError extends Error {
	constructor(what: string, variable: string, cause: unknown) {
		super(`n8n's queue mode needs ${what}: set ${variable}, or start both with: ${howToStart}`, { cause });
	}
}

/** What the processes of one n8n in queue mode share: a database of their own, and keys of their own in Redis. */
export interface QueueStore {
	/** The name of the database and the start of every key. */
	name: string;
	/** Where PostgreSQL is: `DATABASE_URL`, whose user must be allowed to create databases. */
	postgres: URL;
	/** Where Redis is: `REDIS_URL`. */
	redis: URL;
	/** Removes the database and the keys. */
	close(): Promise<void>;
}

/** The name belongs to a session of PostgreSQL, so that nobody's store is taken for one that was left behind. */
async function takeName(client: Client, name: string): Promise<boolean> {
	const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS held', [name]);
	return rows[0]?.held === true;
}

async function remove(client: Client, redis: URL, name: string): Promise<void> {
	await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
	await removeKeys(redis, name);
}

/** Removes what runs left behind that were killed before they could clean up. */
async function removeLeftOvers(client: Client, redis: URL): Promise<void> {
	const { rows } = await client.query<{ name: string }>(
		'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
		[prefix],
	);
	for (const { name } of rows) {
		if (!(await takeName(client, name))) continue;
		await remove(client, redis, name);
		await client.query('SELECT pg_advisory_unlock(hashtext($1))', [name]);
	}
}

async function connect(postgres: URL): Promise<Client> {
	const client = new Client({ connectionString: postgres.href, connectionTimeoutMillis: 10_000 });
	// A lost connection shows in the next query.
	client.on('error', () => undefined);
	await client.connect().catch((error: unknown) => {
		throw new MissingServiceError(`PostgreSQL at ${postgres.host}`, 'DATABASE_URL', error);
	});
	return client;
}

/**
 * Makes an empty database and a name for Redis keys.
 *
 * @throws MissingServiceError when PostgreSQL or Redis does not answer
 */
export async function openQueueStore(): Promise<QueueStore> {
	const postgres = new URL(process.env['DATABASE_URL'] || 'postgres://postgres@127.0.0.1:5432/postgres');
	const redis = new URL(process.env['REDIS_URL'] || 'redis://127.0.0.1:6379/0');
	await redisCommand(redis, 'PING').catch((error: unknown) => {
		throw new MissingServiceError(`Redis at ${redis.host}`, 'REDIS_URL', error);
	});
	const client = await connect(postgres);
	const name = `${prefix}${randomBytes(6).toString('hex')}`;
	try {
		await removeLeftOvers(client, redis);
		await takeName(client, name);
		await client.query(`CREATE DATABASE "${name}"`);
	} catch (error) {
		await client.end();
		throw error;
	}
	const close = async (): Promise<void> => {
		await remove(client, redis, name).finally(async () => await client.end());
	};
	return { name, postgres, redis, close };
}
