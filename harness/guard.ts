import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

import { nameOfRun } from './testRun';

let guardian: Writable | undefined;

/** Sends a line to the guardian process, and starts it with the first one. It never keeps this process alive. */
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

/** Ensures that the process and its children end with this process, however this process ends. */
export function guardProcess(pid: number): void {
	tell(`process ${pid}`);
}

/** Call it when the process has ended: its ID may be reused soon. */
export function forgetProcess(pid: number): void {
	tell(`forget process ${pid}`);
}

/** Ensures that a program of this project, a path and arguments, runs after this process and all its guarded ones have ended. */
export function guardWith(program: readonly string[]): void {
	tell(`run ${JSON.stringify(program)}`);
}

/** Call it when that program has nothing left to do. */
export function forgetProgram(program: readonly string[]): void {
	tell(`forget run ${JSON.stringify(program)}`);
}

/** Prefix of temporary folders. */
export const folderPrefix = (): string => nameOfRun('n8n-nodes-hidream-', '-');

/** Removes a file or folder after this process and all its guarded ones have ended. */
export function guardPath(path: string): void {
	tell(`folder ${path}`);
}

/** Call it when the file or folder is no longer ours. */
export function forgetPath(path: string): void {
	tell(`forget folder ${path}`);
}

/** Creates a temporary folder, which is removed at the end of this process at the latest. */
export async function temporaryFolder(name: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), `${folderPrefix()}${name}-`));
	guardPath(folder);
	return folder;
}

/** Removes a folder of `temporaryFolder`. */
export async function removeFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	forgetPath(folder);
}
