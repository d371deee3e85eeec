// Briefly outlives the process that started it: when that process ends, in whatever way (also by kill -9), its standard
// input closes. Then it ends every process, removes every folder and runs every program that is still on its list.
// Lines: "process <pid>", "folder <path>", "run <path and arguments as JSON>", "forget …".
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, URL } from 'node:url';

const projectFolder = fileURLToPath(new URL('..', import.meta.url));
const held = new Set();

function killTree(pid, signal) {
	try {
		if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
		else process.kill(-pid, signal);
		return true;
	} catch {
		return false;
	}
}

const heldAs = (kind) => [...held].filter((entry) => entry.startsWith(`${kind} `)).map((entry) => entry.slice(kind.length + 1));

async function cleanUp() {
	const pids = heldAs('process').map(Number);
	const alive = pids.filter((pid) => killTree(pid, 'SIGTERM'));
	for (let waited = 0; waited < 3000 && alive.some((pid) => killTree(pid, 0)); waited += 100) await sleep(100);
	for (const pid of alive) killTree(pid, 'SIGKILL');
	for (const program of heldAs('run')) spawnSync(process.execPath, ['--import', 'tsx', ...JSON.parse(program)], { cwd: projectFolder });
	for (const folder of heldAs('folder')) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
	if (line.startsWith('forget ')) held.delete(line.slice(7));
	else held.add(line);
});
lines.on('close', () => void cleanUp());
