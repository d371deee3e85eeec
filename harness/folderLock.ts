import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollInterval = 1000;

/** The lock files of this process, which leaves none behind when it is interrupted. */
const held = new Set<string>();
process.on('exit', () => held.forEach((file) => rmSync(file, { force: true })));

/** Reads the lock file; undefined if it was released meanwhile. */
async function read(file: string): Promise<{ content: string; takenAt: number } | undefined> {
	try {
		return { content: await readFile(file, 'utf8'), takenAt: (await stat(file)).mtimeMs };
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

/** Whether the owner of a lock still runs. In a container, an earlier process may have had our own process ID. */
function isAlive(pid: number, takenAt: number): boolean {
	if (pid === process.pid) return takenAt >= Date.now() - process.uptime() * 1_000;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Creates the lock file, unless it exists. A link makes it visible only with the process ID in it. */
async function create(file: string): Promise<boolean> {
	const own = `${file}.${randomUUID()}`;
	await writeFile(own, String(process.pid));
	try {
		await link(own, file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	} finally {
		await rm(own, { force: true });
	}
}

/** Removes the lock file of a dead owner. Another process may have done so and taken the lock meanwhile: it gets it back. */
async function removeStale(file: string, content: string): Promise<void> {
	const moved = `${file}.${randomUUID()}`;
	try {
		await rename(file, moved);
		if ((await readFile(moved, 'utf8')) !== content) await link(moved, file);
	} catch {
		// Another process was faster.
	} finally {
		await rm(moved, { force: true });
	}
}

/** Takes the lock file if it is free or its owner is dead; otherwise returns the process ID of the living owner. */
async function tryToTake(file: string): Promise<number | undefined> {
	for (;;) {
		if (await create(file)) return undefined;
		const found = await read(file);
		if (found === undefined) continue;
		const owner = Number(found.content);
		if (owner > 0 && isAlive(owner, found.takenAt)) return owner;
		await removeStale(file, found.content);
	}
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
	held.add(file);
	try {
		return await work();
	} finally {
		held.delete(file);
		await rm(file, { force: true });
	}
}
