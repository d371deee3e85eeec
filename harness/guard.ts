import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

import { nameOfRun } from './testRun';

let guardian: Writable | undefined;

/** Tells the guardian process, which is started with the first line. It never keeps this process alive. */
function tell(line: string): void {
	guardian ??= startGuardian();
	guardian.write(`${line}\n`);
}

function startGuardian(): Writable {
	const child = spawn(process.execPath, [join(__dirname, 'guardian.mjs')], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
		windowsHide: true,
	});
	child.unref();
	if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
	child.stdin.on('error', () => undefined);
	return child.stdin;
}

/** Sees to it that the process and its children end with this process, however this process ends. */
export function guardProcess(pid: number): void {
	tell(`process ${pid}`);
}

/** The process has ended: its number may soon belong to somebody else. */
export function forgetProcess(pid: number): void {
	tell(`forget process ${pid}`);
}

/** Sees to it that a program of this project, a path and arguments, runs after this process and all it guards have ended. */
export function guardWith(program: readonly string[]): void {
	tell(`run ${JSON.stringify(program)}`);
}

/** That program has nothing more to do. */
export function forgetProgram(program: readonly string[]): void {
	tell(`forget run ${JSON.stringify(program)}`);
}

/** How the names of temporary folders begin. */
export const folderPrefix = (): string => nameOfRun('n8n-nodes-hidream-', '-');

/** Removes a file or folder after this process and all it guards have ended. */
export function guardPath(path: string): void {
	tell(`folder ${path}`);
}

/** The file or folder is no longer ours. */
export function forgetPath(path: string): void {
	tell(`forget folder ${path}`);
}

/** A new temporary folder that is gone when this process is, at the latest. */
export async function temporaryFolder(name: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `${folderPrefix()}${name}-`));
	guardPath(folder);
	return folder;
}

/** Removes a folder made by `temporaryFolder`. */
export async function removeFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	forgetPath(folder);
}
