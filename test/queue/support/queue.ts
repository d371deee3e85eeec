import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { request } from 'undici';

import { executionIds } from '../../../harness/n8n/execution';
import type { N8nServer } from '../../../harness/n8n/server';
import type { StoredCredential, StoredWorkflow } from '../../../harness/n8n/workflow';
import type { N8nQueue } from '../../../harness/n8nQueue';
import { startQueue } from '../../../harness/n8nQueue';
import { packageTarball } from '../../../harness/packageTarball';
import type { Sandbox, SandboxSettings } from '../../../sandbox';
import { DEFAULT_SETTINGS } from '../../../sandbox';
import type { N8nContext } from '../../support/n8n';
import { until, useOpened } from '../../support/n8n';
import type { Setup } from '../../support/workflows';
import { videoItem, webhookWorkflow } from '../../support/workflows';

/** Calls a URL as HiDream does; gives the status of the answer. */
export async function call(url: string, body: unknown): Promise<number> {
	const headers = { 'content-type': 'application/json' };
	const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(body) });
	await answer.body.dump();
	return answer.statusCode;
}

/** n8n takes a job for lost when its worker has not touched it for a minute; with these settings after 20 s. */
export const lostSooner = {
	QUEUE_WORKER_LOCK_DURATION: '20000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '5000',
	QUEUE_WORKER_STALLED_INTERVAL: '10000',
};

/** What n8n's worker writes when it takes an execution up. */
const takenUp = (id: string): string => `Worker started execution ${id} `;

/** A real n8n in queue mode with the packed package: main, two workers and a webhook process. */
export class TestQueue {
	private paths = 0;

	private constructor(readonly instance: N8nQueue) {}

	static async open(env: NodeJS.ProcessEnv = {}): Promise<TestQueue> {
		return new TestQueue(await startQueue({ tgz: await packageTarball(), workers: 2, env }));
	}

	/** Stops n8n and removes what it left. */
	async close(): Promise<void> {
		await this.instance.stop();
	}

	/** Stores a credential for the stand-in, of an account without limits unless told otherwise. */
	async credential(sandbox: Sandbox, data: ICredentialDataDecryptedObject = {}): Promise<StoredCredential> {
		const { accessToken, url: baseUrl } = sandbox;
		const usual = { authentication: 'accessToken', accessToken, baseUrl, accountLevel: 'level4', tasksPerMinute: 0 };
		return await this.instance.importCredential({ name: 'HiDream', type: 'hiDreamApi', data: { ...usual, ...data } });
	}

	/** Stores and activates a workflow around the node, whose webhook answers at once. */
	async workflow(credential: StoredCredential, setup: Setup): Promise<StoredWorkflow> {
		this.paths += 1;
		const stored = await this.instance.importWorkflow(webhookWorkflow(`path-${this.paths}`, { ...setup, sleeps: true }), [credential]);
		await this.instance.activate(stored);
		return stored;
	}

	/**
	 * Calls a workflow's webhook, which answers at once, at the webhook process.
	 * @returns the execution's ID, which n8n may have a moment after it answered the webhook
	 */
	async call(workflow: StoredWorkflow, body: IDataObject): Promise<string> {
		const newest = async (): Promise<string | undefined> => (await executionIds(this.instance.rest, workflow.id))[0];
		const earlier = await newest();
		expect((await this.instance.callWebhook(workflow.name, body)).status).toBe(200);
		let id = earlier;
		await until('n8n has the execution', async () => (id = await newest()) !== earlier);
		if (id === undefined) throw new Error('n8n had the execution, and has it no more.');
		return id;
	}

	/** Sends items through a workflow of `workflow`; gives the execution's ID. */
	async start(workflow: StoredWorkflow, items: IDataObject[]): Promise<string> {
		return await this.call(workflow, { items });
	}

	/** The same through a new workflow with a new credential. */
	async started(sandbox: Sandbox, parameters: INodeParameters, items: IDataObject[]): Promise<string> {
		return await this.start(await this.workflow(await this.credential(sandbox), { parameters }), items);
	}

	/** Sends so many videos through a new workflow and waits until all are submitted; gives the execution's ID. */
	async submitted(sandbox: Sandbox, parameters: INodeParameters, count: number): Promise<string> {
		const before = sandbox.tasks.length;
		const items = Array.from({ length: count }, (_, i) => videoItem(i + 1));
		const id = await this.started(sandbox, parameters, items);
		await until('all are submitted', () => sandbox.tasks.length === before + count);
		return id;
	}

	/** As `submitted`, and waits until the execution sleeps. */
	async parked(sandbox: Sandbox, parameters: INodeParameters, count: number): Promise<string> {
		const id = await this.submitted(sandbox, parameters, count);
		await this.untilAsleep(id);
		return id;
	}

	/** Waits until callbacks can wake an execution; before, n8n answers them 409. Main need not live. */
	async untilAsleep(id: string): Promise<void> {
		await until('the execution sleeps', async () => (await this.instance.executionStatus(id)) === 'waiting');
	}

	/** The worker that took an execution up, once one has. */
	async workerOf(id: string): Promise<N8nServer> {
		let worker: N8nServer | undefined;
		await until('a worker takes the execution up', async () => {
			const logs = await Promise.all(this.instance.workers.map(async (each) => await each.log()));
			worker = this.instance.workers.find((_, i) => logs[i]?.includes(takenUp(id)));
			return worker !== undefined;
		});
		if (worker === undefined) throw new Error('No worker has taken the execution up.');
		return worker;
	}

	/** Ends that worker: kills it, or asks it to end and kills it when it takes too long; gives it, and what it wrote since. */
	async endWorkerOf(id: string, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<{ worker: N8nServer; log: string }> {
		const worker = await this.workerOf(id);
		await (signal === 'SIGKILL' ? worker.kill() : worker.stop());
		const log = await worker.log();
		return { worker, log: log.slice(log.indexOf(takenUp(id))) };
	}

	/** Asserts that a binary is the stand-in's result video, kept in the database, as queue mode does by default. */
	async expectResultVideo(id = ''): Promise<void> {
		expect(id).toMatch(/^database:/);
		const bytes = await this.instance.rest.download(`/binary-data?id=${encodeURIComponent(id)}&action=download`);
		expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
	}
}

/** Opens a real n8n in queue mode for the file it is called in, and a stand-in for each of its tests. */
export function useQueue(settings: Partial<SandboxSettings> = {}, env: NodeJS.ProcessEnv = {}): N8nContext<TestQueue> {
	const on = useOpened(async () => await TestQueue.open(env), settings);
	// A test that failed half-way must not fail those behind it.
	afterEach(async () => await on.n8n.instance.startMissing());
	return on;
}
