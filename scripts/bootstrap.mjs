// Runs a TypeScript entry on a fresh clone: checks Node.js, installs the dev dependencies if needed, then hands over.
// Usage: node scripts/bootstrap.mjs <entry.ts> [arguments]
import { spawn, spawnSync } from 'node:child_process';
import console from 'node:console';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const requiredNode = 20;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed-from-lock');

/** The one thing that this file needs of the machine. */
function checkNode() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major >= requiredNode) return;
	console.error(
		`This project needs Node.js ${requiredNode} or newer; this is ${process.version}. Get it from https://nodejs.org/ and run the command again.`,
	);
	process.exit(1);
}

function lockHash() {
	return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** Whether node_modules came from today's package-lock.json: by our stamp, or because npm's own record agrees with it. */
function isInstalled(hash) {
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
	const record = join(root, 'node_modules', '.package-lock.json');
	if (!existsSync(record) || !sameVersions(record)) return false;
	writeFileSync(stamp, hash);
	return true;
}

function sameVersions(record) {
	const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
	const found = JSON.parse(readFileSync(record, 'utf8')).packages;
	return Object.entries(wanted).every(
		([path, entry]) => path === '' || entry.optional || found[path]?.version === entry.version,
	);
}

/** npm's JavaScript entry if npm runs us, so that no shell and no npm.cmd stands in between. */
function npmCommand() {
	const cli = process.env.npm_execpath;
	if (cli !== undefined && basename(cli) === 'npm-cli.js') return [process.execPath, cli];
	return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function install(hash) {
	console.log('Installing the development dependencies with npm ci (once, about a minute) …');
	const [command, ...first] = npmCommand();
	const { status, error } = spawnSync(command, [...first, 'ci'], {
		cwd: root,
		stdio: 'inherit',
		shell: command.endsWith('.cmd'),
	});
	if (status !== 0) {
		console.error(
			error === undefined
				? 'npm ci failed; its message stands above. Mend that and run the command again.'
				: `npm could not be started (${error.message}). It comes with Node.js: https://nodejs.org/`,
		);
		process.exit(1);
	}
	writeFileSync(stamp, hash);
}

/** Starts the entry with our own standard streams; its exit code or signal becomes ours. */
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
const hash = lockHash();
if (!isInstalled(hash)) install(hash);
handOver(entry, args);
