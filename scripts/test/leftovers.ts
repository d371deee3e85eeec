import { readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { folderPrefix } from '../../harness/guard';
import { storesLeft } from '../../harness/n8nQueueStore';
import { testRunVariable } from '../../harness/testRun';

/** A process that outlives its killed owner by some seconds removes its leftovers. */
const timeoutMs = 30_000;

async function foldersLeft(): Promise<string[]> {
	const names = await readdir(tmpdir());
	return names.filter((name) => name.startsWith(folderPrefix())).map((name) => `folder ${name}`);
}

/** A process of the run: by its environment, or by its folder or command if n8n gave its child another environment. */
async function processLeft(pid: string, run: string): Promise<string[]> {
	const read = async (file: string): Promise<string> => await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
	const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
	const [environment, command, status] = await Promise.all([read('environ'), read('cmdline'), read('status')]);
	const isOurs = environment.includes(`${testRunVariable}=${run}\0`) || `${folder}\0${command}`.includes(folderPrefix());
	// Our own children wait for our end, and then remove our leftovers.
	const isChild = new RegExp(`^PPid:\\s${process.pid}$`, 'm').test(status);
	return isOurs && !isChild && pid !== String(process.pid) ? [`process ${pid}: ${command.replaceAll('\0', ' ').slice(0, 200)}`] : [];
}

/** Only Linux lists all processes without a tool. */
async function processesLeft(run: string): Promise<string[]> {
	const entries = await readdir('/proc').catch(() => []);
	const pids = entries.filter((entry) => /^\d+$/.test(entry));
	return (await Promise.all(pids.map(async (pid) => await processLeft(pid, run)))).flat();
}

/** The leftovers of this run: processes, temporary folders, databases, keys in Redis. Waits for a while until there are none. */
export async function leftovers(run: string, within = timeoutMs): Promise<string[]> {
	for (const deadline = Date.now() + within; ; await sleep(500)) {
		const left = (await Promise.all([processesLeft(run), foldersLeft(), storesLeft()])).flat();
		if (left.length === 0 || Date.now() > deadline) return left;
	}
}
