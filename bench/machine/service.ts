import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { projectFolder } from '../../harness/packageTarball';
import { hasEnded, signalTree, start } from '../../harness/processes';
import { countsOf, type Counts, type RequestRecord, type SandboxSettings, type TaskRecord } from '../../sandbox';

/** What differs from the stand-in's own defaults, as JSON can carry it. */
export interface ServiceSettings extends Partial<Omit<SandboxSettings, 'outcome' | 'logger' | 'now' | 'parallelTasks'>> {
	/** Tasks in progress; any number unless told. */
	parallelTasks?: number;
	/** Accepted tasks in any minute; any number (0) unless told. */
	tasksPerMinute?: number;
}

/** A stand-in of the HiDream API in a process of its own, so that its work is nobody else's. */
export interface Service {
	url: string;
	accessToken: string;
	/** Its process, to be measured from outside. */
	pid: number;
	/** How many requests of each kind, tasks and bytes so far: a short answer, also where there are thousands. */
	counts: () => Promise<Counts>;
	/** Requests by kind, every accepted task, and every request. */
	state: () => Promise<ServiceState>;
	/** Ends the process; safe to call twice. */
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
const patienceMs = 5_000;

/** Starts a stand-in in a process of its own. It ends with this process at the latest. */
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
		counts: async () => await ask<Counts>(`${url}/_sandbox/counts`),
		state: async () => {
			const { tasks, requests: log } = await ask<{ tasks: TaskRecord[]; requests: RequestRecord[] }>(`${url}/_sandbox/state`);
			return { requests: countsOf(log, tasks).requests, tasks, log };
		},
		close: async () => await end(child),
	};
}

async function firstMessage(child: ChildProcess): Promise<Started> {
	return await new Promise((resolve, reject) => {
		const fail = (why: string) => reject(new Error(`The stand-in did not start: ${why}`));
		child.once('message', (message: Started | { failed: string }) => ('failed' in message ? fail(message.failed) : resolve(message)));
		child.once('error', reject);
		child.once('exit', (code) => fail(`exit code ${code}`));
	});
}

async function ask<T>(url: string): Promise<T> {
	const { statusCode, body } = await request(url);
	const text = await body.text();
	if (statusCode !== 200) throw new Error(`The stand-in answered ${statusCode}: ${text}`);
	return JSON.parse(text) as T;
}

async function end(child: ChildProcess): Promise<void> {
	if (hasEnded(child)) return;
	const ended = once(child, 'exit');
	if (child.connected) child.disconnect();
	await Promise.race([ended, sleep(patienceMs, undefined, { ref: false })]);
	await signalTree(child, 'SIGKILL');
	await ended;
}
