import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../../../harness/guard';
import { executionIds } from '../../../harness/n8n/execution';
import type { N8nServer } from '../../../harness/n8n/server';
import type { StoredCredential, StoredWorkflow } from '../../../harness/n8n/workflow';
import type { N8nQueue } from '../../../harness/n8nQueue';
import { startQueue } from '../../../harness/n8nQueue';
import { RedisServer } from '../../../harness/n8nQueueRedisServer';
import { packageTarball } from '../../../harness/packageTarball';
import type { Sandbox, SandboxSettings } from '../../../sandbox';
import { DEFAULT_SETTINGS, startSandbox } from '../../../sandbox';
import { until } from '../../support/n8n';
import type { N8nContext } from '../../support/n8n';
import type { Setup } from '../../support/workflows';
import { videoItem, webhookWorkflow } from '../../support/workflows';
import type { ServiceLinks } from './link';
import { openServiceLinks } from './link';

/** n8n gives up a job if its worker does not renew the lock: by default after a minute, with these settings after 10 s. */
const shortLocks = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '4000',
};

/** The line that a worker logs when it starts an execution. */
const startLine = (id: string): string => `Worker started execution ${id} `;

/** What differs from the usual n8n in queue mode. */
interface QueueOptions {
	/** 2 by default. */
	workers?: number;
	/** Gives n8n its own Redis server, which `TestQueue.restartRedis` can restart. */
	ownRedis?: true;
}

/** A real n8n in queue mode with the packed package: main, workers and a webhook process. */
export class TestQueue {
	private paths = 0;

	private constructor(
		readonly instance: N8nQueue,
		/** The connections of all processes to Redis and PostgreSQL. */
		readonly links: ServiceLinks,
		/** The only folder that n8n may read files from. */
		readonly files: string,
		private readonly folder: string,
		private readonly redis: RedisServer | undefined,
	) {}

	static async open(more: NodeJS.ProcessEnv = {}, { workers = 2, ownRedis }: QueueOptions = {}): Promise<TestQueue> {
		const folder = await temporaryFolder('test-queue');
		const files = join(folder, 'files');
		await mkdir(files);
		const links = await openServiceLinks();
		const redis = ownRedis && (await RedisServer.start());
		// Each worker runs one execution at a time, so two executions use both workers.
		const env = { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1', N8N_RESTRICT_FILE_ACCESS_TO: files, ...shortLocks, ...links.env, ...redis?.env, ...more };
		try {
			return new TestQueue(await startQueue({ tgz: await packageTarball(), workers, env }), links, files, folder, redis);
		} catch (error) {
			await Promise.all([links.close(), redis?.stop(), removeFolder(folder)]);
			throw error;
		}
	}

	/** Kills the own Redis server with all jobs, and starts it again after `downMs`. */
	async restartRedis(downMs: number): Promise<void> {
		if (this.redis === undefined) throw new Error('This n8n shares its Redis server: open it with "ownRedis".');
		await this.redis.restart(downMs);
	}

	/** Stops n8n and removes its data. */
	async close(): Promise<void> {
		await this.instance.stop();
		await this.links.close();
		await this.redis?.stop();
		await removeFolder(this.folder);
	}

	/** Stores a credential for the fake HiDream server, by default of an account without limits. */
	async credential(sandbox: Sandbox, data: ICredentialDataDecryptedObject = {}): Promise<StoredCredential> {
		const { accessToken, url: baseUrl } = sandbox;
		const usual = { authentication: 'accessToken', accessToken, baseUrl, accountLevel: 'level4', tasksPerMinute: 0 };
		return await this.instance.importCredential({ name: 'HiDream', type: 'hiDreamApi', data: { ...usual, ...data } });
	}

	/** Stores and activates a workflow around the node; its webhook responds immediately. */
	async workflow(credential: StoredCredential, setup: Setup): Promise<StoredWorkflow> {
		this.paths += 1;
		const json = webhookWorkflow(`path-${this.paths}`, { ...setup, suspends: true });
		const stored = await this.instance.importWorkflow(json, [credential]);
		await this.instance.activate(stored);
		return stored;
	}

	/** Calls a workflow's webhook at the webhook process; returns the execution's ID. */
	async call(workflow: StoredWorkflow, body: IDataObject): Promise<string> {
		const newest = async (): Promise<string | undefined> => (await executionIds(this.instance.rest, workflow.id))[0];
		const earlier = await newest();
		expect((await this.instance.callWebhook(workflow.name, body)).status).toBe(200);
		let id = earlier;
		// The webhook may respond before the execution is stored.
		await until('the execution exists', async () => (id = await newest()) !== earlier);
		if (id === undefined) throw new Error('The execution no longer exists.');
		return id;
	}

	/** Sends items through a workflow of `workflow`; returns the execution's ID. */
	async start(workflow: StoredWorkflow, items: IDataObject[]): Promise<string> {
		return await this.call(workflow, { items });
	}

	/** The same through a new workflow with a new credential. */
	async started(sandbox: Sandbox, parameters: INodeParameters, items: IDataObject[]): Promise<string> {
		return await this.start(await this.workflow(await this.credential(sandbox), { parameters }), items);
	}

	/** Sends `count` videos through a new workflow and waits until all are submitted; returns the execution's ID. */
	async submitted(sandbox: Sandbox, parameters: INodeParameters, count: number): Promise<string> {
		const before = sandbox.tasks.length;
		const items = Array.from({ length: count }, (_, i) => videoItem(i + 1));
		const id = await this.started(sandbox, parameters, items);
		await until('all videos are submitted', () => sandbox.tasks.length === before + count);
		return id;
	}

	/** Like `submitted`, and waits until the execution is suspended. */
	async suspended(sandbox: Sandbox, parameters: INodeParameters, count: number): Promise<string> {
		const id = await this.submitted(sandbox, parameters, count);
		await this.untilSuspended(id);
		return id;
	}

	/** Waits until callbacks can resume an execution. Reads the database, so main may be down. */
	async untilSuspended(id: string): Promise<void> {
		await until('the execution is suspended', async () => (await this.instance.executionStatus(id)) === 'waiting');
	}

	/** The worker that runs an execution, as soon as one has started it. */
	async workerOf(id: string): Promise<N8nServer> {
		let worker: N8nServer | undefined;
		await until('a worker starts the execution', async () => {
			const logs = await Promise.all(this.instance.workers.map(async (each) => await each.log()));
			worker = this.instance.workers.find((_, i) => logs[i]?.includes(startLine(id)));
			return worker !== undefined;
		});
		if (worker === undefined) throw new Error('No worker has started the execution.');
		return worker;
	}

	/** Ends that worker; returns it, and its log since it started the execution. */
	async endWorkerOf(id: string, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<{ worker: N8nServer; log: string }> {
		const worker = await this.workerOf(id);
		await (signal === 'SIGKILL' ? worker.kill() : worker.stop());
		const log = await worker.log();
		return { worker, log: log.slice(log.indexOf(startLine(id))) };
	}

	/** Asserts that n8n marks an execution as failed after its worker died. */
	async expectLost(id: string): Promise<void> {
		expect(['error', 'crashed']).toContain((await this.instance.execution(id, 200_000)).status);
	}

	/** Asserts that a binary is the result video of the fake HiDream server, stored in n8n's database. */
	async expectResultVideo(id = ''): Promise<void> {
		expect(id).toMatch(/^database:/);
		const bytes = await this.instance.rest.download(`/binary-data?id=${encodeURIComponent(id)}&action=download`);
		expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
	}
}

/** The context of a test: the n8n of the file, and its own fake HiDream server. */
export interface QueueContext extends N8nContext<TestQueue> {
	/** Starts one more fake HiDream server for this test, with the same settings. */
	anotherSandbox(more?: Partial<SandboxSettings>): Promise<Sandbox>;
}

/** A fake HiDream server for each test of the current `describe`. */
function withSandbox(queue: () => TestQueue, settings: Partial<SandboxSettings>): QueueContext {
	let open: Sandbox[] = [];
	const start = async (more: Partial<SandboxSettings> = {}): Promise<Sandbox> => {
		const sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, ...settings, ...more });
		open.push(sandbox);
		return sandbox;
	};
	beforeEach(async () => {
		await start();
	});
	afterEach(async () => {
		await Promise.all(open.map(async (sandbox) => await sandbox.close()));
		open = [];
	});
	return {
		get n8n() {
			return queue();
		},
		get sandbox() {
			const [first] = open;
			if (first === undefined) throw new Error('The fake HiDream server runs only during a test.');
			return first;
		},
		anotherSandbox: start,
	};
}

/**
 * Starts one n8n in queue mode for all tests of a file. A test may kill any process; dead ones are started again after it.
 *
 * @returns creates the context for the tests of one `describe`; takes the settings of their fake HiDream server
 */
export function useQueue(env: NodeJS.ProcessEnv = {}, options: QueueOptions = {}): (settings?: Partial<SandboxSettings>) => QueueContext {
	let queue: TestQueue | undefined;
	const running = (): TestQueue => {
		if (queue === undefined) throw new Error('n8n runs only during a test.');
		return queue;
	};
	beforeAll(async () => {
		queue = await TestQueue.open(env, options);
	});
	afterEach(async () => await queue?.instance.startMissing());
	afterAll(async () => await queue?.close());
	return (settings = {}) => withSandbox(running, settings);
}
