import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Reports one line of progress. */
export type Report = (line: string) => void;

/** A readable duration: `42 s`, `3 min 5 s`. */
export function duration(ms: number): string {
	const seconds = Math.round(ms / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The size of all files in a folder that other processes may be changing, in bytes. */
async function folderSize(folder: string): Promise<number> {
	const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
	let bytes = 0;
	for (const entry of entries) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) bytes += await folderSize(path);
		else bytes += (await lstat(path).catch(() => ({ size: 0 }))).size;
	}
	return bytes;
}

/** Reports the size of a folder in MB until `work` ends. The measurement takes at most a tenth of the time. */
export async function whileMeasuring<T>(folder: string, onSize: (mb: number) => void, work: Promise<T>): Promise<T> {
	const stop = new AbortController();
	const measure = async (): Promise<void> => {
		for (let wait = 2000; !stop.signal.aborted; await sleep(wait, undefined, { signal: stop.signal })) {
			const started = Date.now();
			onSize(Math.round((await folderSize(folder)) / 1e6));
			wait = Math.max(2000, 10 * (Date.now() - started));
		}
	};
	const measuring = measure().catch(() => undefined);
	try {
		return await work;
	} finally {
		stop.abort();
		await measuring;
	}
}
