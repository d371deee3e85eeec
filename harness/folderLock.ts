import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollInterval = 1000;

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/**
 * Takes the lock file if it is free or its owner is dead; otherwise returns the process ID of the living owner.
 * A link makes the file visible only with the process ID in it.
 */
async function tryToTake(file: string): Promise<number | undefined> {
	const own = `${file}.${process.pid}`;
	await writeFile(own, String(process.pid));
	try {
		await link(own, file);
		return undefined;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		await rm(own, { force: true });
	}
	const owner = Number(await readFile(file, 'utf8').catch(() => ''));
	if (owner > 0 && isAlive(owner)) return owner;
	await rm(file, { force: true });
	return await tryToTake(file);
}

/** Runs `work` while no other process does so with the same lock file. `onWait` gets the owner's process ID each second. */
export async function withLock<T>(
	file: string,
	work: () => Promise<T>,
	onWait: (owner: number) => void,
): Promise<T> {
	await mkdir(dirname(file), { recursive: true });
	for (let owner = await tryToTake(file); owner !== undefined; owner = await tryToTake(file)) {
		onWait(owner);
		await sleep(pollInterval);
	}
	try {
		return await work();
	} finally {
		await rm(file, { force: true });
	}
}
