import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { n8nFolder } from './cache';
import { forgetProgram, guardWith } from './guard';
import { packageOfN8n } from './n8n/packageOfN8n';
import { countKeys, removeKeys } from './n8nQueueRedis';
import { missingPostgres, pingRedis, postgresAddress, postgresTimeoutMs, redisAddress } from './n8nQueueServices';
import { nameOfRun } from './testRun';

const anyRun = 'n8n_hidream_';

/** Prefix of the databases and the keys. */
const prefix = (): string => nameOfRun(anyRun, '_');

/** Shared by the processes of one n8n in queue mode: a database, and keys in Redis. */
export interface QueueStore {
	/** The name of the database and the prefix of every key. */
	name: string;
	/** The server of the database; its user must be allowed to create databases. */
	postgres: URL;
	redis: URL;
	/** Queries n8n's database, also without a living process of n8n. */
	query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
	/** Removes the database and the keys. */
	close(): Promise<void>;
}

/** The part of the PostgreSQL client that is used here. It is n8n's own, so that this project needs none. */
interface Client {
	connect(): Promise<unknown>;
	query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
	on(event: 'error', listener: () => void): unknown;
	end(): Promise<void>;
}

/** The name is locked by a session of PostgreSQL, so that a store in use is never taken for a leftover. */
async function takeName(client: Client, name: string): Promise<boolean> {
	const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS held', [name]);
	return rows[0]?.held === true;
}

async function remove(client: Client, redis: URL, name: string): Promise<void> {
	await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
	await removeKeys(redis, name);
}

async function databases(client: Client, start: string): Promise<string[]> {
	const { rows } = await client.query<{ name: string }>(
		'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
		[start],
	);
	return rows.map(({ name }) => name);
}

/** Removes the stores of runs that were killed before they could clean up. */
async function removeLeftovers(client: Client, redis: URL): Promise<void> {
	for (const name of await databases(client, anyRun)) {
		if (!(await takeName(client, name))) continue;
		await remove(client, redis, name);
		await client.query('SELECT pg_advisory_unlock(hashtext($1))', [name]);
	}
}

async function connect(postgres: URL): Promise<Client> {
	const { Client } = packageOfN8n(n8nFolder(), 'pg') as { Client: new (options: object) => Client };
	const client = new Client({ connectionString: postgres.href, connectionTimeoutMillis: postgresTimeoutMs });
	// A lost connection shows in the next query.
	client.on('error', () => undefined);
	await client.connect().catch((error: unknown) => {
		throw missingPostgres(postgres, error);
	});
	return client;
}

async function query<Row>(database: URL, text: string, values?: unknown[]): Promise<Row[]> {
	const client = await connect(database);
	return (await client.query<Row>(text, values).finally(async () => await client.end())).rows;
}

/** The databases, and the Redis keys without one, that this test run has left; none without the services. */
export async function storesLeft(): Promise<string[]> {
	const client = await connect(postgresAddress()).catch(() => undefined);
	if (client === undefined) return [];
	const names = await databases(client, prefix()).finally(async () => await client.end());
	const keys = await countKeys(redisAddress(), prefix()).catch(() => 0);
	return [...names.map((name) => `database ${name}`), ...(keys > 0 ? [`${keys} keys in Redis: ${prefix()}*`] : [])];
}

/** Removes the database and the keys of one store, whose owner has ended. */
export async function removeStore(name: string): Promise<void> {
	const client = await connect(postgresAddress());
	await remove(client, redisAddress(), name).finally(async () => await client.end());
}

/**
 * Creates an empty database and a name for Redis keys.
 *
 * @throws MissingServiceError if PostgreSQL or Redis is not available
 */
export async function openQueueStore(): Promise<QueueStore> {
	const postgres = postgresAddress();
	const redis = redisAddress();
	await pingRedis(redis);
	const client = await connect(postgres);
	const name = `${prefix()}${randomBytes(6).toString('hex')}`;
	const afterUs = [join(__dirname, 'n8nQueueCleanUp.ts'), name];
	guardWith(afterUs);
	try {
		await removeLeftovers(client, redis);
		await takeName(client, name);
		await client.query(`CREATE DATABASE "${name}"`);
		// n8n commits hundreds of migrations. PostgreSQL never crashes here, so no commit has to wait for the disk.
		await client.query(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
	} catch (error) {
		await client.end();
		throw error;
	}
	const close = async (): Promise<void> => {
		await remove(client, redis, name).finally(async () => await client.end());
		forgetProgram(afterUs);
	};
	const database = new URL(`/${name}`, postgres);
	return { name, postgres, redis, query: async (text, values) => await query(database, text, values), close };
}
