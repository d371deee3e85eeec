/** When each locked name is free again. A free name has no entry. */
const locked = new Map<string, Promise<void>>();

/** Whether somebody holds the lock of this name. */
export const isLocked = (name: string): boolean => locked.has(name);

/**
 * Queues for the lock of a name.
 * @returns `acquired` resolves when all earlier ones have released it; `release`, before or after that, lets the next one have it
 */
export function acquireLock(name: string): { acquired: Promise<void>; release: () => void } {
	const acquired = locked.get(name) ?? Promise.resolve();
	let release = (): void => undefined;
	const released = new Promise<void>((resolve) => (release = resolve));
	const free = acquired.then(async () => await released);
	locked.set(name, free);
	void free.then(() => {
		if (locked.get(name) === free) locked.delete(name);
	});
	return { acquired, release };
}
