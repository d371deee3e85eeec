/** When each locked name is free again. A free name has no entry. */
const locked = new Map<string, Promise<void>>();

/** Whether the lock of this name is held. */
export const isLocked = (name: string): boolean => locked.has(name);

/**
 * Queues for the lock of a name.
 * @returns `acquired` resolves when all earlier holders have released the lock; `release`, before or after that, passes it to the next one
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
