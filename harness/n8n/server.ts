import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import type { N8nInstallation } from '../n8nInstall';
import { hasExited, signalTree, start } from '../processes';
import type { ServerControl } from './otherServer';
import type { N8nSettings } from './settings';

const readyWithin = 180_000;
const stopsWithin = 15_000;

/** The role of a process of n8n: main, or in queue mode worker or webhook process. */
export type N8nCommand = 'start' | 'worker' | 'webhook';

/** One process of n8n after another with the same command, and one log for all of them. */
export class N8nServer implements ServerControl {
	private child: ChildProcess | undefined;

	constructor(
		private readonly installation: N8nInstallation,
		private readonly settings: N8nSettings,
		readonly logFile: string,
		private readonly command: N8nCommand = 'start',
	) {}

	/** The current process, for measuring it from outside. */
	get pid(): number {
		if (this.child?.pid === undefined) throw new Error('n8n is not running');
		return this.child.pid;
	}

	/** Whether a process runs. */
	get runs(): boolean {
		return this.child !== undefined && !hasExited(this.child);
	}

	/** Starts n8n and waits until it responds and has loaded its node types. */
	async start(): Promise<void> {
		const log = openSync(this.logFile, 'a');
		const child = start(this.installation.node, [this.installation.bin, this.command], {
			cwd: this.settings.env['N8N_USER_FOLDER'] ?? '.',
			env: this.settings.env,
			stdio: ['ignore', log, log],
		});
		closeSync(log);
		this.child = child;
		await this.untilReady(child);
	}

	/** The output of n8n since its first start. */
	async log(): Promise<string> {
		return await readFile(this.logFile, 'utf8').catch(() => '');
	}

	/** Stops n8n with a signal, and kills it with all its children after a time limit. */
	async stop(): Promise<void> {
		await this.end('SIGTERM');
	}

	/** Kills n8n and its children, like a crash. */
	async kill(): Promise<void> {
		await this.end('SIGKILL');
	}

	private async end(signal: NodeJS.Signals): Promise<void> {
		const { child } = this;
		this.child = undefined;
		if (child === undefined || hasExited(child)) return;
		const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
		await signalTree(child, signal);
		const timeout = new AbortController();
		const inTime = await Promise.race([
			ended,
			sleep(stopsWithin, false, { signal: timeout.signal }).catch(() => false),
		]);
		timeout.abort();
		if (!inTime) {
			await signalTree(child, 'SIGKILL');
			await ended;
		}
	}

	private async untilReady(child: ChildProcess): Promise<void> {
		for (const deadline = Date.now() + readyWithin; Date.now() < deadline; await sleep(250)) {
			if (hasExited(child)) throw new Error(`n8n ended while starting.\n${await this.lastLines()}`);
			if (await this.answers()) return;
		}
		await this.kill();
		throw new Error(`n8n was not ready after ${readyWithin / 1000} s.\n${await this.lastLines()}`);
	}

	private async answers(): Promise<boolean> {
		try {
			const { statusCode, body } = await request(`${this.settings.url}/healthz/readiness`);
			await body.dump();
			return statusCode === 200;
		} catch {
			return false;
		}
	}

	private async lastLines(): Promise<string> {
		return (await this.log()).trimEnd().split('\n').slice(-25).join('\n');
	}
}
