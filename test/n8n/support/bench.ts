import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { n8nVersion } from '../../../harness/cache';
import { removeFolder, temporaryFolder } from '../../../harness/guard';
import type { Execution } from '../../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../../harness/n8n/workflow';
import type { N8nInstance } from '../../../harness/n8nInstance';
import { startN8n } from '../../../harness/n8nInstance';
import { packageTarball } from '../../../harness/packageTarball';
import type { Sandbox } from '../../../sandbox';
import { startSandbox } from '../../../sandbox';
import type { Setup } from './workflows';
import { webhookWorkflow } from './workflows';

/** What came back from a workflow's webhook, and the execution behind it. */
export interface Sent {
	status: number;
	text: string;
	execution: Execution;
}

/** A real n8n with the packed package, and a stand-in service without limits of its own for each test. */
export class Bench {
	private paths = 0;

	private constructor(
		readonly n8n: N8nInstance,
		/** The only folder that n8n may read files from. */
		readonly files: string,
		private readonly folder: string,
	) {}

	/**
	 * @param more environment variables for n8n
	 * @param version which n8n; the usual one unless told otherwise
	 */
	static async open(more: NodeJS.ProcessEnv = {}, version = n8nVersion): Promise<Bench> {
		const folder = await temporaryFolder('bench');
		const files = join(folder, 'files');
		await mkdir(files);
		const env = { N8N_RESTRICT_FILE_ACCESS_TO: files, N8N_LOG_LEVEL: 'debug', ...more };
		return new Bench(await startN8n({ tgz: await packageTarball(), env, version }), files, folder);
	}

	/** Stops n8n and removes what it left. */
	async close(): Promise<void> {
		await this.n8n.stop();
		await removeFolder(this.folder);
	}

	/** Stores a credential for the stand-in: a right access token unless told otherwise. */
	async credential(sandbox: Sandbox, data: ICredentialDataDecryptedObject = {}): Promise<StoredCredential> {
		const usual = {
			authentication: 'accessToken',
			accessToken: sandbox.accessToken,
			baseUrl: sandbox.url,
			accountLevel: 'level4',
			tasksPerMinute: 0,
		};
		return await this.n8n.importCredential({ name: 'HiDream', type: 'hiDreamApi', data: { ...usual, ...data } });
	}

	/** Stores and activates a workflow around the node. */
	async workflow(credential: StoredCredential, setup: Setup): Promise<StoredWorkflow> {
		this.paths += 1;
		const workflow = webhookWorkflow(`path-${this.paths}`, setup);
		const stored = await this.n8n.importWorkflow(workflow, [credential]);
		await this.n8n.activate(stored);
		return stored;
	}

	/** Sends items through a workflow of `workflow`. */
	async send(workflow: StoredWorkflow, items: IDataObject[]): Promise<Sent> {
		const answer = await this.n8n.callWebhook(workflow.name, { items });
		return { ...answer, execution: await this.n8n.newestExecution(workflow) };
	}

	/** Asserts that a secret is in no answer, no execution data and no line of n8n's log, at its most talkative level. */
	async expectNoTrace(secret: string, sent: Sent): Promise<void> {
		const log = await this.n8n.log();
		expect(sent.text).not.toContain(secret);
		expect(sent.execution.raw).toContain('lastNodeExecuted');
		expect(sent.execution.raw).not.toContain(secret);
		expect(log).toContain('Editor is now accessible');
		expect(log).not.toContain(secret);
	}
}

/** A stand-in that accepts at any rate; its tasks end within a second. */
export async function fastSandbox(): Promise<Sandbox> {
	return await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 1 });
}
