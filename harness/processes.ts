import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { forgetProcess, guardProcess } from './guard';

/** How long to wait for the last output of a process that has ended, and for the end of a process that was asked to end, in milliseconds. */
const outputGrace = 2000;
const killGrace = 10_000;

export interface StartOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	stdio?: StdioOptions;
}

/**
 * Starts a process in its own group, so that it can be ended with all its children, and so that Ctrl-C in the
 * terminal reaches this process only. It never outlives this process.
 */
export function start(command: string, args: string[], options: StartOptions = {}): ChildProcess {
	const child = spawn(command, args, {
		...options,
		detached: process.platform !== 'win32',
		windowsHide: true,
	});
	const { pid } = child;
	if (pid !== undefined) {
		guardProcess(pid);
		child.once('exit', () => {
			// What it started and did not end.
			signalGroup(pid, 'SIGKILL');
			forgetProcess(pid);
		});
	}
	return child;
}

/** Sends a signal to a process group, if there is one. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
	try {
		return process.platform !== 'win32' && process.kill(-pid, signal);
	} catch {
		return false;
	}
}

/** Sends a signal to the process and all its children. Ignores a process that has already ended. */
export async function signalTree(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	const { pid } = child;
	if (pid === undefined || hasExited(child)) return;
	if (process.platform === 'win32') {
		await once(spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }), 'close');
		return;
	}
	if (!signalGroup(pid, signal)) child.kill(signal);
}

/** Whether the process has ended. */
export function hasExited(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

/** A command that ended with an exit code other than 0, and its last lines. */
export class CommandError extends Error {
	constructor(
		command: string,
		readonly exitCode: number | string,
		readonly output: string,
	) {
		super(`${command} failed (${exitCode}):\n${output.split('\n').slice(-25).join('\n')}`);
	}
}

/** Waits for the last output of a process that has ended. A child of its own that still runs can keep the output open. */
async function lastOutput(child: ChildProcess): Promise<void> {
	await Promise.race([once(child, 'close'), sleep(outputGrace, undefined, { ref: false })]);
	child.stdout?.destroy();
	child.stderr?.destroy();
}

/** Runs a command to its end, or until `signal` aborts, and returns its output; `onLine` gets each line immediately. */
export async function run(
	command: string,
	args: string[],
	options: Omit<StartOptions, 'stdio'> & { onLine?: (line: string) => void; signal?: AbortSignal } = {},
): Promise<string> {
	const { onLine, signal: abort, ...rest } = options;
	abort?.throwIfAborted();
	const child = start(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] });
	const stop = (): void => {
		void signalTree(child, 'SIGTERM');
		void sleep(killGrace, undefined, { ref: false }).then(async () => await signalTree(child, 'SIGKILL'));
	};
	abort?.addEventListener('abort', stop, { once: true });
	const lines: string[] = [];
	const keep = (line: string): void => {
		lines.push(line);
		onLine?.(line);
	};
	for (const stream of [child.stdout, child.stderr]) {
		if (stream !== null) createInterface({ input: stream }).on('line', keep);
	}
	return await new Promise<string>((resolve, reject) => {
		const name = [basename(command), ...args.map((arg) => basename(arg))].join(' ');
		child.once('error', (error) => reject(new CommandError(name, 'not started', error.message)));
		child.once('exit', (code, signal) => void lastOutput(child).then(() => {
			abort?.removeEventListener('abort', stop);
			const output = lines.join('\n');
			if (code === 0) resolve(output);
			else reject(new CommandError(name, code ?? signal ?? 'ended', output));
		}));
	});
}
