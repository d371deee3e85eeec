import { setTimeout as sleep } from 'node:timers/promises';

import type { Sandbox, SandboxSettings } from '../../../sandbox';
import { startSandbox } from '../../../sandbox';
import { Bench } from './bench';

/** What a test works with, while it runs. */
export interface OnBench<B = Bench> {
	/** One n8n for all tests of the file. */
	readonly bench: B;
	/** A stand-in for each test: fast and without a limit on the rate, unless told otherwise. */
	readonly sandbox: Sandbox;
}

/** Opens a bench for the file it is called in, and a stand-in for each of its tests. */
export function useOpened<B extends { close(): Promise<void> }>(open: () => Promise<B>, settings: Partial<SandboxSettings>): OnBench<B> {
	let bench: B | undefined;
	let sandbox: Sandbox | undefined;
	beforeAll(async () => {
		bench = await open();
	});
	afterAll(async () => await bench?.close());
	beforeEach(async () => {
		sandbox = await startSandbox({ accountLevel: 'level4', tasksPerMinute: 0, taskSeconds: 1, ...settings });
	});
	afterEach(async () => await sandbox?.close());
	const there = <T>(part: T | undefined): T => {
		if (part === undefined) throw new Error('The bench stands while a test runs, not before.');
		return part;
	};
	return {
		get bench() {
			return there(bench);
		},
		get sandbox() {
			return there(sandbox);
		},
	};
}

/** Opens a real n8n for the file it is called in, with more in its environment if need be, and a stand-in for each of its tests. */
export function useBench(settings: Partial<SandboxSettings> = {}, env: NodeJS.ProcessEnv = {}): OnBench {
	return useOpened(async () => await Bench.open(env), settings);
}

/** Waits until something is so, and says what did not happen when it takes too long. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
	for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(50)) {
		if (Date.now() > deadline) throw new Error(`Within 30 s it did not happen: ${what}`);
	}
}
