// The packages of this repository: the root, and private ones for tools that few commands need. Each has a lock.
import { spawn } from 'node:child_process';
import console from 'node:console';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The private package that a file of this repository belongs to; undefined for the root package. */
export function privatePackageOf(file) {
	for (let folder = dirname(resolve(root, file)); folder.startsWith(join(root, '/')); folder = dirname(folder)) {
		if (existsSync(join(folder, 'package-lock.json'))) return relative(root, folder);
	}
	return undefined;
}

/**
 * Installs the dependencies of a package of this repository, unless they are installed already.
 *
 * @param folder the package's folder, from the root; '' is the root package
 * @throws Error if npm ci fails, with its messages
 */
export async function ensureInstalled(folder) {
	const cwd = join(root, folder);
	if (isInstalled(cwd)) return;
	// Without npm's record, an interrupted install counts as none.
	rmSync(recordOf(cwd), { force: true });
	const required = requiredPackages(cwd).map(([path]) => path);
	const time = required.length > 100 ? '1 to 3 minutes' : 'some seconds';
	console.log(`Installing ${required.length} packages for ${folder === '' ? 'this project' : folder} with npm ci (only once, ${time})`);
	const { code, messages } = await npmCi(cwd, required);
	if (code !== 0) throw new Error(`${messages.join('\n')}\nnpm ci failed. Fix what it says above, and run the command again.`);
}

const packagesIn = (file) => Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages);

/** The packages of the lock that every system needs. */
const requiredPackages = (cwd) => packagesIn(join(cwd, 'package-lock.json')).filter(([path, { optional }]) => path !== '' && !optional);

/** npm's record of the installed packages, which it writes last. */
const recordOf = (cwd) => join(cwd, 'node_modules', '.package-lock.json');

/** Whether node_modules matches the lock. An interrupted install leaves no record, or a part of one. */
function isInstalled(cwd) {
	let found;
	try {
		found = new Map(packagesIn(recordOf(cwd)));
	} catch {
		return false;
	}
	return requiredPackages(cwd).every(([path, { version }]) => found.get(path)?.version === version);
}

/** npm's JavaScript entry if npm runs us, so that a signal reaches npm itself. */
function npmCommand() {
	const cli = process.env.npm_execpath;
	if (cli !== undefined && basename(cli) === 'npm-cli.js') return [process.execPath, cli];
	return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Runs npm ci and shows the number of installed packages; returns its exit code and its output. */
async function npmCi(cwd, required) {
	const [command, ...first] = npmCommand();
	const child = spawn(command, [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
		cwd,
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: command.endsWith('.cmd'),
	});
	const stop = (signal) => {
		child.kill(signal);
		process.exit(130);
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	for (const signal of signals) process.on(signal, stop);
	const messages = [];
	for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => messages.push(line));
	const { isTTY } = process.stdout;
	const started = Date.now();
	const show = () => {
		const done = required.filter((path) => existsSync(join(cwd, path, 'package.json'))).length;
		const line = `${done} of ${required.length} packages, ${Math.round((Date.now() - started) / 1000)} s`;
		process.stdout.write(isTTY ? `\r\x1b[K  ${line}` : `  ${line}\n`);
	};
	const timer = setInterval(show, isTTY ? 1000 : 15_000);
	const code = await new Promise((done) => {
		child.once('close', done);
		child.once('error', (error) => {
			messages.push(error.message);
			done(1);
		});
	});
	for (const signal of signals) process.off(signal, stop);
	clearInterval(timer);
	show();
	if (isTTY) process.stdout.write('\n');
	return { code, messages };
}
