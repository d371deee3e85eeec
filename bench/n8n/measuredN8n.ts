import { setTimeout as sleep } from 'node:timers/promises';
import { removeFolder } from '../../harness/guard';
import type { StoredExecution } from '../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow, WorkflowJson } from '../../harness/n8n/workflow';
import { startN8n, type N8nInstance } from '../../harness/n8nInstance';
import { startQueue } from '../../harness/n8nQueue';
import type { Service } from '../machine/service';
import { freshHome } from './home';
import { Marks, type Spans } from './marks';
import { benchedPackages } from './packages';
import { chain, type Step } from './workflow';

/** Folders and environment of n8n. */
export interface MeasuredN8nOptions {
	service: Pick<Service, 'url' | 'accessToken'>;
	/** The only folder that n8n may read files from. */
	files: string;
	/** More environment variables for n8n. */
	env?: NodeJS.ProcessEnv;
}

/** One execution, measured from outside and as n8n stores it. */
export interface Measured {
	/** Figures of the process from mark to mark. */
	spans: Spans;
	/** From the webhook call to its response. */
	executionMs: number;
	execution: StoredExecution;
}

const TIMEOUT_MS = 600_000;

/** An execution exceeded its time limit. It may still run. */
export class TimeLimitError extends Error {
	constructor(limitMs: number) {
		super(`not done after ${limitMs / 1000} s`);
	}
}

/** A real n8n with both packages and a credential for the fake HiDream server, whose executing process is measured. */
export class MeasuredN8n {
	private constructor(
		readonly n8n: N8nInstance,
		/** The executing process: n8n itself, or the worker in queue mode. */
		readonly pid: number,
		readonly marks: Marks,
		private readonly credential: StoredCredential,
		private readonly home: string | undefined,
	) {}

	/** Starts n8n in regular mode, with binaries on the file system unless `env` changes that. */
	static async start(where: MeasuredN8nOptions): Promise<MeasuredN8n> {
		const home = await freshHome();
		const n8n = await startN8n({ userFolder: home, env: environment(where) });
		return await MeasuredN8n.prepare(n8n, n8n.pid, where, home);
	}

	/** Starts n8n in queue mode with one worker, with binaries in the database unless `env` changes that. */
	static async startQueue(where: MeasuredN8nOptions): Promise<MeasuredN8n> {
		const queue = await startQueue({ ...(await benchedPackages()), workers: 1, env: environment(where) });
		return await MeasuredN8n.prepare(queue, queue.workers[0]?.pid ?? 0, where);
	}

	/** Stores and activates a chain of nodes behind a webhook. */
	async add(path: string, steps: readonly Step[]): Promise<StoredWorkflow> {
		return await this.store(chain(path, steps));
	}

	/** Stores and activates a workflow; its nodes get the credential of the fake HiDream server and the given ones. */
	async store(json: WorkflowJson, more: StoredCredential[] = []): Promise<StoredWorkflow> {
		const workflow = await this.n8n.importWorkflow(json, [this.credential, ...more]);
		await this.n8n.activate(workflow);
		return workflow;
	}

	/** Runs a workflow of `add` once, measured between its marks; throws a `TimeLimitError` if it takes too long. */
	async run(workflow: StoredWorkflow, body: unknown, limitMs = TIMEOUT_MS): Promise<Measured> {
		const { result, spans } = await this.marks.measure(this.pid, async () => {
			const started = performance.now();
			await within(limitMs, this.n8n.callWebhook(workflow.name, body));
			return performance.now() - started;
		});
		return { spans, executionMs: result, execution: await this.n8n.newestExecution(workflow, limitMs) };
	}

	/** Kills n8n and removes its data. */
	async close(): Promise<void> {
		await this.marks.close();
		await this.n8n.kill();
		await this.n8n.stop();
		if (this.home !== undefined) await removeFolder(this.home);
	}

	private static async prepare(n8n: N8nInstance, pid: number, { service }: MeasuredN8nOptions, home?: string): Promise<MeasuredN8n> {
		const data = { authentication: 'accessToken', accessToken: service.accessToken, baseUrl: service.url, tasksPerMinute: 0 };
		try {
			const credential = await n8n.importCredential({ name: 'Fake HiDream', type: 'hiDreamApi', data });
			return new MeasuredN8n(n8n, pid, await Marks.open(), credential, home);
		} catch (error) {
			await n8n.stop();
			if (home !== undefined) await removeFolder(home);
			throw error;
		}
	}
}

const environment = ({ files, env }: MeasuredN8nOptions): NodeJS.ProcessEnv => ({
	N8N_RESTRICT_FILE_ACCESS_TO: files,
	// The execution's data may contain a whole video.
	EXECUTIONS_DATA_MAX_DISPLAY_SIZE: '0',
	...env,
});

/** Resolves with the work, or rejects after the limit. */
async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
	const done = new AbortController();
	const limit = async (): Promise<never> => {
		await sleep(limitMs, undefined, { signal: done.signal });
		throw new TimeLimitError(limitMs);
	};
	// The work continues after the limit, and its outcome is ignored.
	work.catch(() => undefined);
	return await Promise.race([work, limit()]).finally(() => done.abort());
}
