import { randomBytes } from 'node:crypto';

import { freePort } from './freePort';
import type { N8nSettings } from './n8n/settings';
import { n8nSettings } from './n8n/settings';
import type { N8nInstallation } from './n8nInstall';
import type { QueueStore } from './n8nQueueStore';

const part = (text: string): string => decodeURIComponent(text);

function postgresSettings({ name, postgres }: QueueStore): NodeJS.ProcessEnv {
	return {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: postgres.hostname,
		DB_POSTGRESDB_PORT: postgres.port || '5432',
		DB_POSTGRESDB_USER: part(postgres.username),
		DB_POSTGRESDB_PASSWORD: part(postgres.password),
		DB_POSTGRESDB_DATABASE: name,
	};
}

/** Two prefixes: one for the queue's keys, one for everything else, also for the channels between the processes. */
function redisSettings({ name, redis }: QueueStore): NodeJS.ProcessEnv {
	return {
		QUEUE_BULL_REDIS_HOST: redis.hostname,
		QUEUE_BULL_REDIS_PORT: redis.port || '6379',
		QUEUE_BULL_REDIS_DB: redis.pathname.slice(1) || '0',
		QUEUE_BULL_REDIS_USERNAME: part(redis.username),
		QUEUE_BULL_REDIS_PASSWORD: part(redis.password),
		QUEUE_BULL_PREFIX: `${name}:bull`,
		N8N_REDIS_KEY_PREFIX: `${name}:n8n`,
	};
}

/** Settings for the main process. Binaries are in the database, the default of queue mode. */
export async function mainSettings(
	installation: N8nInstallation,
	userFolder: string,
	store: QueueStore,
	webhookPort: number,
	env: NodeJS.ProcessEnv,
): Promise<N8nSettings> {
	const shared = {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
		N8N_DEFAULT_BINARY_DATA_MODE: undefined,
		WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/`,
		...postgresSettings(store),
		...redisSettings(store),
	};
	return await n8nSettings(installation, userFolder, { env: { ...shared, ...env } });
}

/** Settings for another process: those of main, with its own home and ports. */
export async function otherSettings(main: N8nSettings, userFolder: string, port: number): Promise<N8nSettings> {
	const own = {
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		// A worker has its own port for readiness checks.
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	};
	return { ...main, url: `http://127.0.0.1:${port}`, env: { ...main.env, ...own } };
}
