import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';

import { removeFolder, temporaryFolder } from './guard';
import { installCommunityPackages } from './n8n/communityPackage';
import type { StoredExecution } from './n8n/execution';
import { executionEnd, newestExecution } from './n8n/execution';
import type { ServerControl } from './n8n/otherServer';
import { OtherServer } from './n8n/otherServer';
import { claimOwner } from './n8n/owner';
import { RestClient } from './n8n/restClient';
import { N8nServer } from './n8n/server';
import type { Login } from './n8n/settings';
import { n8nSettings } from './n8n/settings';
import type { StoredCredential, StoredWorkflow, WorkflowJson } from './n8n/workflow';
import { activateWorkflow, runWorkflow, storeWorkflow, withCredentials } from './n8n/workflow';
import { n8nVersion } from './cache';
import { ensureN8n } from './n8nInstall';
import { n8nRelease } from './n8nRelease';
import type { Report } from './progress';

export interface StartN8nOptions {
	/** The version of n8n; by default the one that all suites run. */
	version?: string;
	/** The packed package to install as a community node. */
	tgz?: string;
	/** More packed packages to install. */
	alsoInstall?: readonly string[];
	/** More environment variables for n8n. */
	env?: NodeJS.ProcessEnv;
	/** An existing home for n8n, which is kept; by default a temporary one. */
	userFolder?: string;
	port?: number;
	report?: Report;
}

export interface NewCredential {
	name: string;
	type: string;
	data: ICredentialDataDecryptedObject;
}

/** How another process reaches a running n8n. It includes the session, since n8n allows few logins a minute. */
export interface N8nConnection {
	url: string;
	login: Login;
	userFolder: string;
	logFile: string;
	session: string;
}

const defaultTimeout = 120_000;

/** A real n8n that runs on this machine. */
export class N8nInstance {
	constructor(
		readonly url: string,
		readonly login: Login,
		readonly userFolder: string,
		/** n8n's REST API, for everything without a method here. */
		readonly rest: RestClient,
		private readonly server: ServerControl,
		private readonly folders: string[],
	) {}

	/** The process of n8n (in queue mode: of main), for measuring it from outside. */
	get pid(): number {
		return this.server.pid;
	}

	/** Whether that process runs. */
	get runs(): boolean {
		return this.server.runs;
	}

	/** For `connectN8n` in another process. */
	get connection(): N8nConnection {
		const { url, login, userFolder } = this;
		return { url, login, userFolder, logFile: this.server.logFile, session: this.rest.session };
	}

	/** The output of n8n so far. */
	async log(): Promise<string> {
		return await this.server.log();
	}

	/** Stores a credential. */
	async importCredential(credential: NewCredential): Promise<StoredCredential> {
		return await this.rest.call<StoredCredential>('POST', '/credentials', credential);
	}

	/** Stores a workflow; nodes that name a credential's type get that credential. */
	async importWorkflow(workflow: WorkflowJson, credentials: StoredCredential[] = []): Promise<StoredWorkflow> {
		return await storeWorkflow(this.rest, withCredentials(workflow, credentials));
	}

	/** Activates a workflow, so that its webhooks respond. */
	async activate(workflow: StoredWorkflow): Promise<void> {
		await activateWorkflow(this.rest, workflow);
	}

	/** Deactivates a workflow: its schedule and webhooks end. */
	async deactivate({ id }: StoredWorkflow): Promise<void> {
		await this.rest.call('POST', `/workflows/${id}/deactivate`, {});
	}

	/** Runs a workflow like the editor's button, and waits for its end. */
	async run(workflow: StoredWorkflow, timeout = defaultTimeout): Promise<StoredExecution> {
		return await this.execution(await runWorkflow(this.rest, workflow), timeout);
	}

	/** Calls an active workflow's webhook by its path; returns n8n's response. */
	async callWebhook(path: string, body: unknown): Promise<{ status: number; text: string }> {
		const response = await request(`${this.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
			headersTimeout: 0,
			bodyTimeout: 0,
		});
		return { status: response.statusCode, text: await response.body.text() };
	}

	/** Waits for the end of an execution. */
	async execution(id: string, timeout = defaultTimeout): Promise<StoredExecution> {
		return await executionEnd(this.rest, id, timeout);
	}

	/** Waits for the end of a workflow's newest execution. */
	async newestExecution(workflow: StoredWorkflow, timeout = defaultTimeout): Promise<StoredExecution> {
		return await this.execution(await newestExecution(this.rest, workflow.id), timeout);
	}

	/** Kills n8n like a crash; its home is kept. */
	async kill(): Promise<void> {
		await this.server.kill();
	}

	/** Stops n8n, if it runs, and starts it again with the same home. */
	async restart(): Promise<void> {
		await this.server.stop();
		await this.server.start();
		await this.rest.login();
	}

	/** Stops n8n and removes all its data. */
	async stop(): Promise<void> {
		await this.server.stop();
		await Promise.all(this.folders.map(removeFolder));
	}
}

/** Starts a real n8n with the package installed, on a free port, with its own home. */
export async function startN8n(options: StartN8nOptions = {}): Promise<N8nInstance> {
	const release = n8nRelease(options.version ?? n8nVersion);
	const installation = await ensureN8n(options.report ?? (() => undefined), release.version);
	const folder = await temporaryFolder('n8n');
	const userFolder = options.userFolder ?? join(folder, 'home');
	await mkdir(userFolder, { recursive: true });
	const tarballs = [...(options.tgz === undefined ? [] : [options.tgz]), ...(options.alsoInstall ?? [])];
	if (tarballs.length > 0) await installCommunityPackages(userFolder, tarballs);
	const settings = await n8nSettings(installation, userFolder, { ...options, env: { ...release.env, ...options.env } });
	const server = new N8nServer(installation, settings, join(folder, 'n8n.log'));
	const rest = new RestClient(settings.url, settings.login);
	const instance = new N8nInstance(settings.url, settings.login, userFolder, rest, server, [folder]);
	try {
		await server.start();
		if (!release.ownerFromEnvironment) await claimOwner(rest, settings.login);
		await rest.login();
	} catch (error) {
		await instance.stop();
		throw error;
	}
	return instance;
}

/** An n8n of another process. It cannot be stopped or killed from here. */
export function connectN8n({ url, login, userFolder, logFile, session }: N8nConnection): N8nInstance {
	return new N8nInstance(url, login, userFolder, new RestClient(url, login, session), new OtherServer(logFile), []);
}
