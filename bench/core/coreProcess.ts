import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toolEnvironment } from '../../harness/environment';
import { ensureN8n } from '../../harness/n8nInstall';
import { hasExited, signalTree, start } from '../../harness/processes';
import { SUBMIT_PATH } from '../machine/bareClient';
import type { Service } from '../machine/service';
import { FLOOR_CHUNK_KIB } from '../submit/ways';
import type { ChildReply, ChildSettings, Done, Order } from './protocol';

/** A submit that did not succeed. */
export class SubmitFailed extends Error {}

/** n8n-core in its own process, under the Node.js that runs n8n. */
export class CoreProcess {
	private constructor(
		private readonly child: ChildProcess,
		private readonly home: string,
	) {}

	/**
	 * Starts the process. It resolves when n8n-core is loaded and the files are stored.
	 * @param compiled the folder from `compile`
	 */
	static async start(
		compiled: string,
		{ url, accessToken }: Pick<Service, 'url' | 'accessToken'>,
		settings: Pick<ChildSettings, 'way' | 'binaryMode' | 'heapMiB' | 'measuresMemory' | 'files'>,
	): Promise<CoreProcess> {
		const { node } = await ensureN8n(() => undefined);
		// n8n's home and the stored files.
		const home = join(compiled, 'home');
		await mkdir(home);
		const all: ChildSettings = { ...settings, baseUrl: url, submitUrl: url + SUBMIT_PATH, accessToken, floorChunkKiB: FLOOR_CHUNK_KIB };
		const child = start(node, [join(compiled, 'bench', 'core', 'child', 'main.js'), JSON.stringify(all)], {
			env: { ...toolEnvironment(), TMPDIR: home },
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		const started = new CoreProcess(child, home);
		try {
			await started.next();
			return started;
		} catch (error) {
			await started.close();
			throw error;
		}
	}

	/** For measuring it from outside. */
	get pid(): number {
		return this.child.pid ?? 0;
	}

	/** Runs a workflow that submits one of its files. */
	async submit(file: string): Promise<Done> {
		const response = this.next();
		const order: Order = { file };
		this.child.send(order);
		const done = await response;
		if (done.kind !== 'done') throw new SubmitFailed(done.kind === 'failed' ? done.reason : 'not submitted');
		return done;
	}

	/** Ends the process and removes what it stored. */
	async close(): Promise<void> {
		if (!hasExited(this.child)) {
			const ended = once(this.child, 'exit');
			await signalTree(this.child, 'SIGKILL');
			await ended;
		}
		await rm(this.home, { recursive: true, force: true });
	}

	private async next(): Promise<ChildReply> {
		const { child } = this;
		return await new Promise((resolve, reject) => {
			const onExit = (code: number | null, signal: string | null) => reject(new SubmitFailed(`n8n-core ended with ${code ?? signal}`));
			child.once('exit', onExit);
			child.once('message', (response: ChildReply) => {
				child.off('exit', onExit);
				resolve(response);
			});
		});
	}
}
