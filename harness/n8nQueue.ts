import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { freePort } from './freePort';
import { temporaryFolder } from './guard';
import { installCommunityPackages } from './n8n/communityPackage';
import { RestClient } from './n8n/restClient';
import type { N8nCommand } from './n8n/server';
import { N8nServer } from './n8n/server';
import type { N8nSettings } from './n8n/settings';
import { N8nInstance } from './n8nInstance';
import { ensureN8n } from './n8nInstall';
import { mainSettings, otherSettings } from './n8nQueueSettings';
import { openQueueStore } from './n8nQueueStore';
import type { QueueStore } from './n8nQueueStore';

export interface StartQueueOptions {
	/** The packed package to install as a community node, in the home of every process. */
	tgz: string;
	/** More packed packages to install. */
	alsoInstall?: readonly string[];
	/** The number of workers. */
	workers: number;
	/** More environment variables for every process. */
	env?: NodeJS.ProcessEnv;
}

/**
 * A real n8n in queue mode: a main process, workers, and a webhook process. The inherited members concern main, except
 * `url`, which is the webhook process's.
 */
export class N8nQueue extends N8nInstance {
	constructor(
		main: { settings: N8nSettings; server: N8nServer; folder: string },
		/** Main's own URL for webhooks. */
		readonly mainUrl: string,
		/** The webhook process; it can be killed and started again. */
		readonly webhook: N8nServer,
		webhookUrl: string,
		/** The workers; each can be killed and started again. */
		readonly workers: readonly N8nServer[],
		private readonly store: QueueStore,
	) {
		const { settings, server, folder } = main;
		const rest = new RestClient(settings.url, settings.login);
		super(webhookUrl, settings.login, settings.env['N8N_USER_FOLDER'] ?? '', rest, server, [folder]);
	}

	/** Starts main first, since it prepares the database, then the others together. */
	async start(): Promise<void> {
		await this.restart();
		await Promise.all([this.webhook, ...this.workers].map(async (server) => await server.start()));
	}

	/** Starts the killed processes again, main first. */
	async startMissing(): Promise<void> {
		if (!this.runs) await this.restart();
		await Promise.all([this.webhook, ...this.workers].filter(({ runs }) => !runs).map(async (server) => await server.start()));
	}

	/** The status of an execution in the database, also without a living process of n8n; undefined if it does not exist. */
	async executionStatus(id: string): Promise<string | undefined> {
		return (await this.query<{ status: string }>('SELECT status FROM execution_entity WHERE id = $1', [id]))[0]?.status;
	}

	/** Queries n8n's database, whether or not a process of n8n lives. */
	async query<Row>(text: string, values?: unknown[]): Promise<Row[]> {
		return await this.store.query(text, values);
	}

	/** Ends all processes and removes all their data, also in the database and in Redis. */
	override async stop(): Promise<void> {
		await Promise.allSettled([this.webhook, ...this.workers].map(async (server) => await server.kill()));
		try {
			await super.stop();
		} finally {
			await this.store.close();
		}
	}
}

/** A home with the package, copied from the one where npm installed it. */
async function homeLike(installed: string, home: string): Promise<string> {
	await mkdir(home, { recursive: true });
	await cp(join(installed, '.n8n', 'nodes'), join(home, '.n8n', 'nodes'), { recursive: true });
	return home;
}

async function prepare(options: StartQueueOptions, store: QueueStore): Promise<N8nQueue> {
	const installation = await ensureN8n(() => undefined);
	const folder = await temporaryFolder('queue');
	const home = join(folder, 'main');
	await installCommunityPackages(home, [options.tgz, ...(options.alsoInstall ?? [])]);
	const webhookPort = await freePort();
	const settings = await mainSettings(installation, home, store, webhookPort, options.env ?? {});
	const other = async (command: N8nCommand, name: string, port: number): Promise<N8nServer> => {
		const own = await otherSettings(settings, await homeLike(home, join(folder, name)), port);
		return new N8nServer(installation, own, join(folder, `${name}.log`), command);
	};
	const workers: N8nServer[] = [];
	while (workers.length < options.workers) workers.push(await other('worker', `worker-${workers.length + 1}`, await freePort()));
	const webhook = await other('webhook', 'webhook', webhookPort);
	const server = new N8nServer(installation, settings, join(folder, 'main.log'));
	return new N8nQueue({ settings, server, folder }, settings.url, webhook, `http://127.0.0.1:${webhookPort}`, workers, store);
}

/**
 * Starts a real n8n in queue mode with the package installed, with its own database and Redis keys.
 *
 * @throws MissingServiceError if PostgreSQL or Redis is not available
 */
export async function startQueue(options: StartQueueOptions): Promise<N8nQueue> {
	const store = await openQueueStore();
	const queue = await prepare(options, store).catch(async (error: unknown) => {
		await store.close();
		throw error;
	});
	try {
		await queue.start();
	} catch (error) {
		await queue.stop();
		throw error;
	}
	return queue;
}
