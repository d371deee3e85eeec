/** The node and the credential of this package in n8n, and the stand-in service on the other side. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import * as limits from '../../../nodes/hidream/limits';
import { startSandbox, type Sandbox, type SandboxSettings } from '../../../sandbox';
import { closeEngine, Instance, type Execution, type Outcome, type RunOptions } from '../../../harness/engine';

/** A video that HiDream could fetch. */
export const VIDEO_URL = 'https://videos.example.com/clip.mp4';

/** Parts of a workflow that differ from "one URL item, anime, access token, no pacing". */
export interface SubmitOptions extends Omit<RunOptions, 'parameters' | 'credential'> {
	parameters?: INodeParameters;
	credential?: RunOptions['credential'];
}

/** The shortest time between two status requests in tests, in milliseconds; the unit tests of the poller know the real one. */
const MIN_POLL_MS = 10;

/** What a test works with: a fresh service, a fresh account, and n8n. */
export class Bench {
	readonly n8n = new Instance('n8n-nodes-hidream.stylizeVideo', new StylizeVideo(), new HiDreamApi());

	private readonly executions: Execution[] = [];

	constructor(readonly sandbox: Sandbox) {}

	/** A credential for the account of the stand-in, by access token unless told otherwise. */
	account(more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
		const { url, accessToken } = this.sandbox;
		return { authentication: 'accessToken', accessToken, baseUrl: url, tasksPerMinute: 0, ...more };
	}

	/** The same account by its API key. */
	keyAccount(more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
		const { apiKey } = this.sandbox;
		return this.account({ authentication: 'apiKey', accessToken: '', apiKey, ...more });
	}

	/** Starts a workflow that submits. */
	async start({ parameters = {}, credential = this.account(), ...more }: SubmitOptions = {}): Promise<Execution> {
		const defaults = { operation: 'submit', inputType: 'url', videoUrl: VIDEO_URL, style: 'anime' };
		const execution = await this.n8n.start({ parameters: { ...defaults, ...parameters }, credential, ...more });
		this.executions.push(execution);
		return execution;
	}

	/** Ends what a test has left running, and the service. */
	async close(): Promise<void> {
		for (const execution of this.executions) execution.cancel();
		await this.sandbox.close();
	}

	/** Runs it to its end. */
	async submit(options: SubmitOptions = {}): Promise<Outcome> {
		return await (await this.start(options)).outcome();
	}

	/** The submit requests that arrived, those that were refused or broke off included. */
	get submits() {
		return this.sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/video_edit/async'));
	}

	/** The batch queries that arrived. */
	get batches() {
		return this.sandbox.requests.filter(({ path }) => path.endsWith('/async/results/batch'));
	}

	/** The IDs that were asked about one by one, in order. */
	get singles() {
		return this.sandbox.requests.filter(({ path }) => path.endsWith('/async/results')).map(({ query }) => query['task_id']);
	}

	/** The requests for videos that arrived. */
	get downloads() {
		return this.sandbox.requests.filter(({ path }) => path.startsWith('/media/'));
	}

	/** The IDs of all tasks that would be billed. */
	get taskIds(): string[] {
		return this.sandbox.tasks.map(({ taskId }) => taskId);
	}
}

/** Gives each test of the file a bench of its own. */
export function useBench(settings: Partial<SandboxSettings> = {}): () => Bench {
	let bench: Bench | undefined;
	let minPoll: jest.ReplaceProperty<number> | undefined;
	beforeEach(async () => {
		minPoll = jest.replaceProperty(limits as { MIN_POLL_MS: number }, 'MIN_POLL_MS', MIN_POLL_MS);
		const unlimited = { free: Infinity, level1: Infinity, level2: Infinity, level3: Infinity, level4: Infinity };
		bench = new Bench(await startSandbox({ tasksPerMinute: 0, parallelTasks: unlimited, ...settings }));
	});
	afterEach(async () => {
		await bench?.close();
		minPoll?.restore();
		bench = undefined;
	});
	afterAll(closeEngine);
	return () => {
		if (!bench) throw new Error('There is a bench during a test only');
		return bench;
	};
}
