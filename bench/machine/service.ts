import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { projectFolder } from '../../harness/packageTarball';
import { hasExited, signalTree, start } from '../../harness/processes';
import { countsOf, type Counts, type RequestRecord, type SandboxSettings, type TaskRecord } from '../../sandbox';

/** Settings that differ from the defaults of the fake HiDream server, as JSON. */
export interface ServiceSettings extends Partial<Omit<SandboxSettings, 'outcome' | 'logger' | 'now' | 'parallelTasks'>> {
	/** Maximum number of running tasks; unlimited by default. */
	parallelTasks?: number;
	/** Accepted tasks in any minute; 0 (default) means unlimited. */
	tasksPerMinute?: number;
}

/** A fake HiDream server in its own process, so that its work is not measured. */
export interface Service {
	url: string;
	accessToken: string;
	/** For measuring its process from outside. */
	pid: number;
	/** The number of requests of each kind, tasks and bytes: a short response, also after thousands of tasks. */
	counts: () => Promise<Counts>;
	/** Requests by kind, every accepted task, and every request. */
	state: () => Promise<ServiceState>;
	/** Ends the process; may be called twice. */
	close: () => Promise<void>;
}

export interface ServiceState {
	requests: Counts['requests'];
	tasks: TaskRecord[];
	log: RequestRecord[];
}

interface Started {
	url: string;
	accessToken: string;
}

const entry = join(__dirname, 'serviceProcess.ts');
const closeTimeoutMs = 5_000;

/** Starts a fake HiDream server in its own process, which ends with this one. */
export async function startService(settings: ServiceSettings = {}): Promise<Service> {
	const child = start(process.execPath, ['--import', 'tsx', entry, JSON.stringify(settings)], {
		cwd: projectFolder,
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const { url, accessToken } = await firstMessage(child);
	return {
		url,
		accessToken,
		pid: child.pid ?? 0,
		counts: async () => await fetchJson<Counts>(`${url}/_sandbox/counts`),
		state: async () => {
			const { tasks, requests: log } = await fetchJson<{ tasks: TaskRecord[]; requests: RequestRecord[] }>(`${url}/_sandbox/state`);
			return { requests: countsOf(log, tasks).requests, tasks, log };
		},
		close: async () => await end(child),
	};
}

async function firstMessage(child: ChildProcess): Promise<Started> {
	return await new Promise((resolve, reject) => {
		const fail = (why: string) => reject(new Error(`The fake HiDream server did not start: ${why}`));
		child.once('message', (message: Started | { failed: string }) => ('failed' in message ? fail(message.failed) : resolve(message)));
		child.once('error', reject);
		child.once('exit', (code) => fail(`exit code ${code}`));
	});
}

async function fetchJson<T>(url: string): Promise<T> {
	const { statusCode, body } = await request(url);
	const text = await body.text();
	if (statusCode !== 200) throw new Error(`The fake HiDream server responded with ${statusCode}: ${text}`);
	return JSON.parse(text) as T;
}

async function end(child: ChildProcess): Promise<void> {
	if (hasExited(child)) return;
	const ended = once(child, 'exit');
	if (child.connected) child.disconnect();
	await Promise.race([ended, sleep(closeTimeoutMs, undefined, { ref: false })]);
	await signalTree(child, 'SIGKILL');
	await ended;
}
