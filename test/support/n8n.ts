import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { n8nVersion } from '../../harness/cache';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { Execution } from '../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import { startN8n } from '../../harness/n8nInstance';
import { packageTarball } from '../../harness/packageTarball';
import type { Sandbox, SandboxSettings } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Setup } from './workflows';
import { webhookWorkflow } from './workflows';

/** What came back from a workflow's webhook, and the execution behind it. */
export interface Sent {
	status: number;
	text: string;
	execution: Execution;
}

/** A real n8n with the packed package, and the folder that n8n may read files from. */
export class TestN8n {
	private paths = 0;

	private constructor(
		readonly instance: N8nInstance,
		/** The only folder that n8n may read files from. */
		readonly files: string,
		private readonly folder: string,
	) {}

	/**
	 * @param more environment variables for n8n
	 * @param version which n8n; the usual one unless told otherwise
	 */
	static async open(more: NodeJS.ProcessEnv = {}, version = n8nVersion): Promise<TestN8n> {
		const folder = await temporaryFolder('test-n8n');
		const files = join(folder, 'files');
		await mkdir(files);
		const env = { N8N_RESTRICT_FILE_ACCESS_TO: files, N8N_LOG_LEVEL: 'debug', ...more };
		return new TestN8n(await startN8n({ tgz: await packageTarball(), env, version }), files, folder);
	}

	/** Stops n8n and removes what it left. */
	async close(): Promise<void> {
		await this.instance.stop();
		await removeFolder(this.folder);
	}

	/** Stores a credential for the fake HiDream server, with a valid access token by default. */
	async credential(sandbox: Sandbox, data: ICredentialDataDecryptedObject = {}): Promise<StoredCredential> {
		const usual = {
			authentication: 'accessToken',
			accessToken: sandbox.accessToken,
			baseUrl: sandbox.url,
			accountLevel: 'level4',
			tasksPerMinute: 0,
		};
		return await this.instance.importCredential({ name: 'HiDream', type: 'hiDreamApi', data: { ...usual, ...data } });
	}

	/** Stores and activates a workflow around the node. */
	async workflow(credential: StoredCredential, setup: Setup): Promise<StoredWorkflow> {
		this.paths += 1;
		const workflow = webhookWorkflow(`path-${this.paths}`, setup);
		const stored = await this.instance.importWorkflow(workflow, [credential]);
		await this.instance.activate(stored);
		return stored;
	}

	/** Sends items through a workflow of `workflow`. */
	async send(workflow: StoredWorkflow, items: IDataObject[]): Promise<Sent> {
		const answer = await this.instance.callWebhook(workflow.name, { items });
		return { ...answer, execution: await this.instance.newestExecution(workflow) };
	}

	/** Asserts that a secret is in no answer, no execution data and no line of n8n's log, at its most talkative level. */
	async expectNoTrace(secret: string, sent: Sent): Promise<void> {
		const log = await this.instance.log();
		expect(sent.text).not.toContain(secret);
		expect(sent.execution.raw).toContain('lastNodeExecuted');
		expect(sent.execution.raw).not.toContain(secret);
		expect(log).toContain('Editor is now accessible');
		expect(log).not.toContain(secret);
	}
}

/** A fake HiDream server without a rate limit; its tasks end within a second. */
export async function fastSandbox(): Promise<Sandbox> {
	return await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 1 });
}

/** What a test works with. */
export interface N8nContext<B = TestN8n> {
	/** One instance for all tests of the file. */
	readonly n8n: B;
	/** A fake HiDream server for each test: fast and without a rate limit by default. */
	readonly sandbox: Sandbox;
}

/** Opens an instance for all tests of the file, and a fake HiDream server for each test. */
export function useOpened<B extends { close(): Promise<void> }>(open: () => Promise<B>, settings: Partial<SandboxSettings>): N8nContext<B> {
	let n8n: B | undefined;
	let sandbox: Sandbox | undefined;
	beforeAll(async () => {
		n8n = await open();
	});
	afterAll(async () => await n8n?.close());
	beforeEach(async () => {
		sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 1, ...settings });
	});
	afterEach(async () => await sandbox?.close());
	const there = <T>(part: T | undefined): T => {
		if (part === undefined) throw new Error('Instances exist only while a test runs.');
		return part;
	};
	return {
		get n8n() {
			return there(n8n);
		},
		get sandbox() {
			return there(sandbox);
		},
	};
}

/** Starts a real n8n for all tests of the file, with more environment variables if given, and a fake HiDream server for each test. */
export function useN8n(settings: Partial<SandboxSettings> = {}, env: NodeJS.ProcessEnv = {}): N8nContext {
	return useOpened(async () => await TestN8n.open(env), settings);
}

/** Waits for a condition; after 30 s, fails and names it. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
	for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(50)) {
		if (Date.now() > deadline) throw new Error(`Within 30 s it did not happen: ${what}`);
	}
}
