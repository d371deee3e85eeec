import { setMaxListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SandboxAccounts, type SandboxAccount, type AccountOptions } from './accounts';
import { Callbacks } from './callbacks';
import type { Core } from './core';
import type { RequestRecord } from './exchange';
import { Faults } from './faults';
import type { TaskOutcome } from './outcomes';
import { recordingOfEnvironment, settingsOf } from './recording';
import { createServer } from './server';
import { DEFAULT_SETTINGS, type SandboxSettings } from './settings';
import { TaskStore } from './tasks';
import type { TaskRecord } from './taskLife';

export type { SandboxAccount, AccountOptions } from './accounts';
export { RESPONSES, type ResponseBody } from './responses';
export type { VideoInput } from './body/videoField';
export { countsOf, type Counts } from './counts';
export { VENDOR_STYLES } from './vendorStyles';
export type { RequestRecord } from './exchange';
export type { Endpoint, Fault, FaultRule, Faults } from './faults';
export type { TaskOutcome } from './outcomes';
export type { Recorded, RecordedResponse, Recording } from './recorded';
export { DEFAULT_SETTINGS, type AccountLevel, type SandboxSettings } from './settings';
export type { CallbackRecord, SubTaskResult, TaskRecord } from './taskLife';

/** A running fake HiDream server. */
export interface Sandbox {
	/** `http://127.0.0.1:<port>`, without a slash at the end. */
	readonly url: string;
	/** Credentials of the first account. */
	readonly accessToken: string;
	readonly apiKey: string;
	/** Every request, in order of arrival; entries change until the response has been sent. */
	readonly requests: readonly RequestRecord[];
	/** Every accepted task, in order; entries change until the task has ended and its callbacks are done. */
	readonly tasks: readonly TaskRecord[];
	readonly faults: Faults;
	addAccount(options?: AccountOptions): SandboxAccount;
	/** Expires every token that was exchanged for an API key. */
	expireTokens(): void;
	/** Ends a task now; throws if there is no such task or it has ended. */
	settle(taskId: string, outcome: TaskOutcome): void;
	/** Ends everything: connections (also hanging ones), timers, callbacks. */
	close(): Promise<void>;
}

/**
 * Starts a fake HiDream server.
 *
 * @param settings changes to `DEFAULT_SETTINGS`; without a `recording`, the server replays the one in SANDBOX_RECORDING
 * @throws if the port is in use, or that recording cannot be read
 */
export async function startSandbox(settings: Partial<SandboxSettings> = {}): Promise<Sandbox> {
	const { recording = recordingOfEnvironment() } = settings;
	const all: SandboxSettings = { ...DEFAULT_SETTINGS, ...(recording && settingsOf(recording)), ...settings, recording };
	const ending = new AbortController();
	// Every delayed request adds a listener; Node.js warns of a leak at eleven.
	setMaxListeners(0, ending.signal);
	const log = lineWriter(all.logger);
	let url = '';

	const accounts = new SandboxAccounts(all.accountLevel, all.tokenLifetimeMs, all.now);
	const callbacks = new Callbacks(all, ending.signal, log);
	const tasks: TaskStore = new TaskStore(
		all,
		(subTaskId) => `${url}/media/${subTaskId}.mp4`,
		(task) => callbacks.start(task, tasks.results(task, 'zh')),
	);
	const core: Core = { settings: all, accounts, tasks, faults: new Faults(), requests: [], signal: ending.signal, log };
	const first = accounts.add({ accessToken: all.accessToken, apiKey: all.apiKey });

	const app = await createServer(core);
	await app.listen({ port: all.port, host: all.host });
	url = `http://${reachableHost(all.host)}:${(app.server.address() as AddressInfo).port}`;
	if (recording) log(`responds like ${recording.baseUrl} on ${recording.recordedAt.slice(0, 10)}`);

	return {
		url,
		accessToken: first.accessToken,
		apiKey: first.apiKey,
		requests: core.requests,
		tasks: tasks.records,
		faults: core.faults,
		addAccount: (options) => accounts.add(options),
		expireTokens: () => accounts.expireTokens(),
		settle: (taskId, outcome) => tasks.settle(taskId, outcome),
		async close() {
			if (ending.signal.aborted) return;
			ending.abort();
			tasks.close();
			await Promise.all([app.close(), callbacks.close()]);
		},
	};
}

/** A host that clients on this machine can use. */
function reachableHost(host: string): string {
	if (host === '0.0.0.0') return '127.0.0.1';
	if (host === '::') return '[::1]';
	return host.includes(':') ? `[${host}]` : host;
}

function lineWriter(logger: SandboxSettings['logger']): (line: string) => void {
	if (typeof logger === 'function') return logger;
	return logger ? (line) => void process.stdout.write(`${line}\n`) : () => undefined;
}
