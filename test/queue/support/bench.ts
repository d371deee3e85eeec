import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import { newestExecution } from '../../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../../harness/n8n/workflow';
import type { N8nQueue } from '../../../harness/n8nQueue';
import { startQueue } from '../../../harness/n8nQueue';
import { packageTarball } from '../../../harness/packageTarball';
import type { Sandbox } from '../../../sandbox';
import { DEFAULT_SETTINGS } from '../../../sandbox';
import { videoItem, webhookWorkflow } from '../../n8n/support/workflows';

/** Waits until something has come true; throws, naming it, when it does not within 30 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
	for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(50)) {
		if (Date.now() > deadline) throw new Error(`Within 30 s it did not happen: ${what}`);
	}
}

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

/** A real n8n in queue mode with the packed package: main, two workers and a webhook process. */
export class QueueBench {
	private paths = 0;

	private constructor(readonly n8n: N8nQueue) {}

	static async open(env: NodeJS.ProcessEnv = {}): Promise<QueueBench> {
		return new QueueBench(await startQueue({ tgz: await packageTarball(), workers: 2, env }));
	}

	/** Stops n8n and removes what it left. */
	async close(): Promise<void> {
		await this.n8n.stop();
	}

	/** Stores a credential for the stand-in. */
	async credential(sandbox: Sandbox): Promise<StoredCredential> {
		const { accessToken, url: baseUrl } = sandbox;
		const data = { authentication: 'accessToken', accessToken, baseUrl, accountLevel: 'level4', tasksPerMinute: 0 };
		return await this.n8n.importCredential({ name: 'HiDream', type: 'hiDreamApi', data });
	}

	/** Stores and activates a workflow around the node, whose webhook answers at once. */
	async workflow(sandbox: Sandbox, parameters: INodeParameters): Promise<StoredWorkflow> {
		this.paths += 1;
		const workflow = webhookWorkflow(`path-${this.paths}`, { parameters, sleeps: true });
		const stored = await this.n8n.importWorkflow(workflow, [await this.credential(sandbox)]);
		await this.n8n.activate(stored);
		return stored;
	}

	/** Sends so many videos through such a workflow and waits until all are submitted; gives the execution's ID. */
	async submitted(sandbox: Sandbox, parameters: INodeParameters, count: number): Promise<string> {
		const before = sandbox.tasks.length;
		const items = Array.from({ length: count }, (_, i) => videoItem(i + 1));
		const id = await this.started(sandbox, parameters, items);
		await until('all are submitted', () => sandbox.tasks.length === before + count);
		return id;
	}

	/** Sends items through such a workflow, by the webhook process; gives the execution's ID. */
	async started(sandbox: Sandbox, parameters: INodeParameters, items: IDataObject[]): Promise<string> {
		const workflow = await this.workflow(sandbox, parameters);
		expect((await this.n8n.callWebhook(workflow.name, { items })).status).toBe(200);
		return await newestExecution(this.n8n.rest, workflow.id);
	}

	/** As `submitted`, and waits until the execution sleeps. */
	async parked(sandbox: Sandbox, parameters: INodeParameters, count: number): Promise<string> {
		const id = await this.submitted(sandbox, parameters, count);
		await until('the execution sleeps', async () => (await this.status(id)) === 'waiting');
		return id;
	}

	/** What n8n says of an execution at this moment. */
	async status(id: string): Promise<string> {
		return (await this.n8n.rest.call<{ status: string }>('GET', `/executions/${id}`)).status;
	}

	/** Asserts that a binary is the stand-in's result video, kept in the database, as queue mode does by default. */
	async expectResultVideo(id = ''): Promise<void> {
		expect(id).toMatch(/^database:/);
		const bytes = await this.n8n.rest.download(`/binary-data?id=${encodeURIComponent(id)}&action=download`);
		expect(bytes.equals(await readFile(DEFAULT_SETTINGS.resultVideo))).toBe(true);
	}
}
