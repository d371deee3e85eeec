import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureN8n } from '../../harness/n8nInstall';
import { hasExited, signalTree, start } from '../../harness/processes';
import type { Service } from './service';

/** The submit path of the fake HiDream server. */
export const SUBMIT_PATH = '/api-pub/gw/v2/video/video_edit/async';

/** A process with undici alone, under the Node.js that runs n8n: hardly any client is faster. */
export class BareClient {
	private constructor(private readonly child: ChildProcess) {}

	/** Starts the process. Its first submit loads and compiles its code. */
	static async start(): Promise<BareClient> {
		const { node } = await ensureN8n(() => undefined);
		const entry = join(__dirname, 'bareClientProcess.mts');
		return new BareClient(start(node, [entry], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
	}

	/** For measuring it from outside. */
	get pid(): number {
		return this.child.pid ?? 0;
	}

	/** Submits a file to the service; returns the milliseconds from opening the file to the response. */
	async submit({ url, accessToken }: Pick<Service, 'url' | 'accessToken'>, file: string): Promise<number> {
		const waiting = new AbortController();
		const ended = once(this.child, 'exit', { signal: waiting.signal }).then(([code]) => [{ failed: `it ended with ${code}` }]);
		this.child.send({ url: url + SUBMIT_PATH, accessToken, file });
		const [response] = (await Promise.race([once(this.child, 'message', { signal: waiting.signal }), ended]).finally(() =>
			waiting.abort(),
		)) as [{ ms?: number; failed?: string }];
		ended.catch(() => undefined);
		if (response.ms === undefined) throw new Error(`The bare client failed: ${response.failed}`);
		return response.ms;
	}

	/** Ends the process. */
	async close(): Promise<void> {
		if (hasExited(this.child)) return;
		const ended = once(this.child, 'exit');
		await signalTree(this.child, 'SIGKILL');
		await ended;
	}
}
