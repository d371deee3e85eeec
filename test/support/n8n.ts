import type { IBinaryData, ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { n8nVersion } from '../../harness/cache';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { StoredExecution } from '../../harness/n8n/execution';
import type { StoredCredential, StoredWorkflow } from '../../harness/n8n/workflow';
import type { N8nConnection, N8nInstance } from '../../harness/n8nInstance';
import { connectN8n, startN8n } from '../../harness/n8nInstance';
import { packageTarball } from '../../harness/packageTarball';
import type { Sandbox, SandboxSettings } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Setup } from './workflows';
import { webhookWorkflow } from './workflows';

/** Every process of n8n needs this before an agent may use the node as a tool. */
export const allowsTools = { N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'true' };

/** The response of a workflow's webhook, and its execution. */
export interface SentItems {
	status: number;
	text: string;
	execution: StoredExecution;
}

/** The environment variable with the n8n that a suite's global setup has started. */
const sharedVariable = 'SHARED_N8N';

interface SharedN8n {
	connection: N8nConnection;
	files: string;
}

/** A real n8n with the packed package. */
export class TestN8n {
	private constructor(
		readonly instance: N8nInstance,
		/** The only folder that n8n may read files from and write files to. */
		readonly files: string,
		/** Stops n8n and removes its data. */
		readonly close: () => Promise<void>,
	) {}

	/** Starts an n8n, with more environment variables and in another version if given. */
	static async open(more: NodeJS.ProcessEnv = {}, version = n8nVersion): Promise<TestN8n> {
		const folder = await temporaryFolder('test-n8n');
		const files = join(folder, 'files');
		await mkdir(files);
		const env = { N8N_RESTRICT_FILE_ACCESS_TO: files, N8N_LOG_LEVEL: 'debug', ...allowsTools, ...more };
		const instance = await startN8n({ tgz: await packageTarball(), env, version });
		return new TestN8n(instance, files, async () => {
			await instance.stop();
			await removeFolder(folder);
		});
	}

	/** The n8n that the suite shares; without one, starts an n8n. */
	static async shared(): Promise<TestN8n> {
		const text = process.env[sharedVariable];
		if (text === undefined) return await TestN8n.open();
		const { connection, files } = JSON.parse(text) as SharedN8n;
		return new TestN8n(connectN8n(connection), files, async () => undefined);
	}

	/** Lets all test files that run after this call share this n8n. */
	share(): void {
		const shared: SharedN8n = { connection: this.instance.connection, files: this.files };
		process.env[sharedVariable] = JSON.stringify(shared);
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
		const stored = await this.instance.importWorkflow(webhookWorkflow(randomUUID(), setup), [credential]);
		await this.instance.activate(stored);
		return stored;
	}

	/** Sends items through a workflow of `workflow`. */
	async send(workflow: StoredWorkflow, items: IDataObject[]): Promise<SentItems> {
		const response = await this.instance.callWebhook(workflow.name, { items });
		return { ...response, execution: await this.instance.newestExecution(workflow) };
	}

	/** The bytes of a binary, as the editor downloads them. */
	async download(binary: IBinaryData | undefined): Promise<Buffer> {
		const id = encodeURIComponent(binary?.id ?? 'none');
		return await this.instance.rest.download(`/binary-data?id=${id}&action=download`);
	}

	/** Asserts that a secret is in no response, no execution data and no line of n8n's log at its most verbose level. */
	async expectNoTrace(secret: string, sent: SentItems): Promise<void> {
		const log = await this.instance.log();
		expect(sent.text).not.toContain(secret);
		expect(sent.execution.raw).toContain('lastNodeExecuted');
		expect(sent.execution.raw).not.toContain(secret);
		expect(log).toContain('Editor is now accessible');
		expect(log).not.toContain(secret);
	}
}

/** The context of a test. */
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
		if (part === undefined) throw new Error('Instances exist only during a test.');
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

/** A fake HiDream server for each test, and the n8n that the suite shares. Tests must not stop it. */
export function useN8n(settings: Partial<SandboxSettings> = {}): N8nContext {
	return useOpened(async () => await TestN8n.shared(), settings);
}

/** Like `useN8n`, with a separate n8n for the file: to be killed, or with more environment variables. */
export function useOwnN8n(settings: Partial<SandboxSettings> = {}, env: NodeJS.ProcessEnv = {}): N8nContext {
	return useOpened(async () => await TestN8n.open(env), settings);
}

/** Waits for a condition; after 30 s, fails and names it. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
	for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(50)) {
		if (Date.now() > deadline) throw new Error(`Not within 30 s: ${what}`);
	}
}
