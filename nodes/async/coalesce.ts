/**
 * Lets concurrent callers share calls of `run`: at most one runs at a time, and each caller gets the result of a run
 * that started after its own call.
 */
export function coalesce<T>(run: () => Promise<T>): () => Promise<T> {
	let running: Promise<unknown> | undefined;
	let next: Promise<T> | undefined;
	const start = async (): Promise<T> => {
		next = undefined;
		const mine = run();
		running = mine;
		try {
			return await mine;
		} finally {
			if (running === mine) running = undefined;
		}
	};
	return async () => {
		if (next) return await next;
		if (!running) return await start();
		next = running.then(start, start);
		return await next;
	};
}

/** A map that makes an entry that is missing, and keeps the `limit` entries used last. */
export function recentEntries<T>(make: (key: string) => T, limit: number): { get: (key: string) => T; drop: (key: string) => void } {
	const entries = new Map<string, T>();
	return {
		get: (key) => {
			const entry = entries.get(key) ?? make(key);
			entries.delete(key);
			entries.set(key, entry);
			const [oldest] = entries.keys();
			if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
			return entry;
		},
		drop: (key) => void entries.delete(key),
	};
}
