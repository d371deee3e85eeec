// Runs a TypeScript entry on a fresh clone: checks Node.js, installs the entry's dependencies, then starts it.
// Usage: node scripts/bootstrap.mjs <entry.ts> [arguments]
import { spawn } from 'node:child_process';
import console from 'node:console';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { ensureInstalled, privatePackageOf } from './packages.mjs';

const requiredNode = 20;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The only requirement of this file. */
function checkNode() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major >= requiredNode) return;
	console.error(
		`This project needs Node.js ${requiredNode} or newer; this is ${process.version}. Get it from https://nodejs.org/ and run the command again.`,
	);
	process.exit(1);
}

/** Installs the root package, and the private package of the entry. */
async function install(entry) {
	try {
		await ensureInstalled('');
		const folder = privatePackageOf(entry);
		if (folder !== undefined) await ensureInstalled(folder);
	} catch (error) {
		console.error(error.message);
		process.exit(1);
	}
}

/** Starts the entry with our own standard streams, and exits with its exit code or signal. */
function handOver(entry, args) {
	const child = spawn(process.execPath, ['--import', 'tsx', join(root, entry), ...args], {
		cwd: root,
		stdio: 'inherit',
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(signal, () => child.kill(signal));
	}
	child.on('exit', (code, signal) => {
		if (signal === null) process.exit(code ?? 1);
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	});
}

const [entry, ...args] = process.argv.slice(2);
checkNode();
if (entry === undefined) {
	console.error('Usage: node scripts/bootstrap.mjs <entry.ts> [arguments]');
	process.exit(2);
}
await install(entry);
handOver(entry, args);
