// Runs a TypeScript entry on a fresh clone: checks Node.js, installs the dev dependencies if needed, then hands over.
// Usage: node scripts/bootstrap.mjs <entry.ts> [arguments]
import { spawn } from 'node:child_process';
import console from 'node:console';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { clearInterval, setInterval } from 'node:timers';
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

const packagesIn = (file) => Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages);

/** The packages of package-lock.json that every system needs. */
const requiredPackages = () => packagesIn(join(root, 'package-lock.json')).filter(([path, { optional }]) => path !== '' && !optional);

/** Whether node_modules came from today's package-lock.json: by our stamp, or because npm's own record agrees with it. */
function isInstalled(hash) {
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
	const record = join(root, 'node_modules', '.package-lock.json');
	if (!existsSync(record)) return false;
	const found = new Map(packagesIn(record));
	if (!requiredPackages().every(([path, { version }]) => found.get(path)?.version === version)) return false;
	writeFileSync(stamp, hash);
	return true;
}

/** npm's JavaScript entry if npm runs us, so that no shell and no npm.cmd stands in between. */
function npmCommand() {
	const cli = process.env.npm_execpath;
	if (cli !== undefined && basename(cli) === 'npm-cli.js') return [process.execPath, cli];
	return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Runs npm ci and shows how many packages it has; gives its exit code and its messages. */
async function npmCi() {
	const [command, ...first] = npmCommand();
	const total = requiredPackages().length;
	const child = spawn(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=http'], {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: command.endsWith('.cmd'),
	});
	const messages = [];
	let fetched = 0;
	for (const stream of [child.stdout, child.stderr]) {
		createInterface({ input: stream }).on('line', (line) => {
			if (!line.startsWith('npm http')) messages.push(line);
			else if (line.includes('.tgz')) fetched += 1;
		});
	}
	const { isTTY } = process.stdout;
	const started = Date.now();
	const show = () => {
		const seconds = Math.round((Date.now() - started) / 1000);
		const state = fetched === 0 ? 'preparing' : fetched < total ? `${fetched} of ${total} packages` : 'unpacking';
		const line = `${state}, ${seconds} s`;
		process.stdout.write(isTTY ? `\r\x1b[K  ${line}` : `  ${line}\n`);
	};
	const timer = setInterval(show, isTTY ? 1000 : 15_000);
	const code = await once(child, 'close').then(([exitCode]) => exitCode, (error) => (messages.push(error.message), 1));
	clearInterval(timer);
	show();
	if (isTTY) process.stdout.write('\n');
	return { code, messages };
}

async function install(hash) {
	console.log('Installing this project\'s packages with npm ci (only the first time, 1 to 3 minutes)');
	const { code, messages } = await npmCi();
	if (code !== 0) {
		console.error(`${messages.join('\n')}\nnpm ci failed. Fix what it says above, and run the command again.`);
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
if (!isInstalled(hash)) await install(hash);
handOver(entry, args);
