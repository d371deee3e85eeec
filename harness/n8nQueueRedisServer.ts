import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from './freePort';
import { removeFolder, temporaryFolder } from './guard';
import { redisCommand } from './n8nQueueRedis';
import { redisServerPath } from './n8nQueueServices';
import { hasExited, signalTree, start } from './processes';

const readyWithin = 30_000;

/** A Redis server for one n8n, which can be restarted. It keeps nothing on disk, so a restart loses all keys. */
export class RedisServer {
	private child: ChildProcess | undefined;

	private constructor(
		private readonly port: number,
		private readonly folder: string,
	) {}

	/**
	 * Starts a server on a free port.
	 *
	 * @throws MissingServiceError if `redis-server` is not installed
	 */
	static async start(): Promise<RedisServer> {
		redisServerPath();
		const server = new RedisServer(await freePort(), await temporaryFolder('redis'));
		await server.startProcess();
		return server;
	}

	/** Makes n8n use this server. */
	get env(): NodeJS.ProcessEnv {
		return {
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(this.port),
			QUEUE_BULL_REDIS_DB: '0',
			QUEUE_BULL_REDIS_USERNAME: '',
			QUEUE_BULL_REDIS_PASSWORD: '',
		};
	}

	/** Kills the server with all its keys, and starts it again after `downMs`. */
	async restart(downMs: number): Promise<void> {
		await this.kill();
		await sleep(downMs);
		await this.startProcess();
	}

	/** Stops the server and removes its folder. */
	async stop(): Promise<void> {
		await this.kill();
		await removeFolder(this.folder);
	}

	private async startProcess(): Promise<void> {
		const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''];
		const child = start(redisServerPath(), args, { cwd: this.folder, stdio: 'ignore' });
		this.child = child;
		const address = new URL(`redis://127.0.0.1:${this.port}`);
		const responds = async () => await redisCommand(address, 'PING').then(() => true, () => false);
		for (const deadline = Date.now() + readyWithin; !(await responds()); await sleep(20)) {
			if (hasExited(child) || Date.now() > deadline) throw new Error(`redis-server does not start on port ${this.port}.`);
		}
	}

	private async kill(): Promise<void> {
		const { child } = this;
		if (child === undefined || hasExited(child)) return;
		const ended = once(child, 'exit');
		await signalTree(child, 'SIGKILL');
		await ended;
	}
}
