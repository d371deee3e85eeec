/** The node in n8n's own engine (n8n-core), with a fake HiDream server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';
import { systemClock } from '../../../nodes/async/clock';
import * as limits from '../../../nodes/hidream/limits';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import { closeEngine, Instance, type Execution, type RunOutcome, type RunOptions } from '../../../harness/engine';
import { startSandbox, type Sandbox, type SandboxSettings } from '../../../sandbox';

/** A video that HiDream could download. */
export const ITEM_URL = 'https://videos.example.com/clip.mp4';

/** Changes to "one URL item, anime, access token, no limits, one item after the other". */
export interface SubmitOptions extends Omit<RunOptions, 'parameters' | 'credential'> {
	parameters?: INodeParameters;
	credential?: RunOptions['credential'];
	/** The limits of the account, instead of those of the credential. */
	limits?: ICredentialDataDecryptedObject;
}

/** Times of `nodes/hidream/limits` that a test file shortens, in milliseconds. */
export type ShortenedTimes = Partial<Record<keyof typeof limits, number>>;

const UNLIMITED = { free: Infinity, level1: Infinity, level2: Infinity, level3: Infinity, level4: Infinity };

/** Starts a fake HiDream server, without limits by default. */
export const startUnlimitedSandbox = async (settings: Partial<SandboxSettings> = {}): Promise<Sandbox> =>
	await startSandbox({ tasksPerMinute: 0, parallelTasks: UNLIMITED, ...settings });

/** The context of a test: a fake HiDream server with a new account, and n8n. */
export class TestEngine {
	readonly n8n = new Instance('n8n-nodes-hidream.stylizeVideo', new StylizeVideo(), new HiDreamApi());

	private readonly executions: Execution[] = [];

	constructor(readonly sandbox: Sandbox) {}

	/** A credential for the account of the fake HiDream server, with its access token. */
	account(more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
		const { url, accessToken } = this.sandbox;
		return { authentication: 'accessToken', accessToken, baseUrl: url, accountLevel: 'custom', parallelTasks: 0, tasksPerMinute: 0, ...more };
	}

	/** A credential for the same account, with its API key. */
	keyAccount(more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
		const { apiKey } = this.sandbox;
		return this.account({ authentication: 'apiKey', accessToken: '', apiKey, ...more });
	}

	/** Starts a workflow with the node. */
	async start({ parameters = {}, credential = this.account(), limits: accountLimits, ...more }: SubmitOptions = {}): Promise<Execution> {
		const defaults = { operation: 'submit', inputType: 'url', videoUrl: ITEM_URL, style: 'anime' };
		const given: INodeParameters = { ...defaults, ...parameters };
		const { options: own } = given;
		const options = typeof own === 'string' ? own : { concurrency: 1, ...(own as INodeParameters | undefined) };
		const execution = await this.n8n.start({
			parameters: { ...given, options },
			credential: accountLimits ? { ...(credential as ICredentialDataDecryptedObject), ...accountLimits } : credential,
			...more,
		});
		this.executions.push(execution);
		return execution;
	}

	/** Runs a workflow with the node to its end. */
	async submit(options: SubmitOptions = {}): Promise<RunOutcome> {
		return await (await this.start(options)).outcome();
	}

	/** Cancels running executions, and stops the fake HiDream server. */
	async close(): Promise<void> {
		for (const execution of this.executions) execution.cancel();
		await this.sandbox.close();
	}

	/** The received submit requests, also refused or interrupted ones. */
	get submits() {
		return this.sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/video_edit/async'));
	}

	/** The received batch status requests. */
	get batches() {
		return this.sandbox.requests.filter(({ path }) => path.endsWith('/async/results/batch'));
	}

	/** The task IDs of the received single status requests, in order. */
	get singles() {
		return this.sandbox.requests.filter(({ path }) => path.endsWith('/async/results')).map(({ query }) => query['task_id']);
	}

	/** The received downloads of result videos. */
	get downloads() {
		return this.sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
	}

	/** The IDs of all tasks, each of which is billed. */
	get taskIds(): string[] {
		return this.sandbox.tasks.map(({ taskId }) => taskId);
	}
}

/** Shortens the node's own delays, such as backoff and poll intervals, by this factor in the whole test file. */
export function speedUp(factor: number): void {
	const { now } = systemClock;
	Object.assign(systemClock, {
		now: () => now() * factor,
		sleep: async (ms: number, signal?: AbortSignal) => await sleep(ms / factor, undefined, { signal }).catch(() => undefined),
	});
}

/**
 * Gives each test its own engine. The minimum interval of status requests is 10 ms instead of two seconds.
 * @param shorter limits to shorten in these tests
 */
export function useEngine(settings: Partial<SandboxSettings> = {}, shorter: ShortenedTimes = {}): () => TestEngine {
	let engine: TestEngine | undefined;
	let replaced: Array<{ restore: () => void }> = [];
	beforeEach(async () => {
		const values = Object.entries({ MIN_POLL_MS: 10, ...shorter });
		replaced = values.map(([name, value]) => jest.replaceProperty(limits as Record<string, unknown>, name, value));
		engine = new TestEngine(await startUnlimitedSandbox(settings));
	});
	afterEach(async () => {
		await engine?.close();
		for (const property of replaced) property.restore();
		engine = undefined;
	});
	return () => {
		if (!engine) throw new Error('The engine exists only during a test');
		return engine;
	};
}

// Once per test file, since all its tests share n8n's folder.
afterAll(closeEngine);
