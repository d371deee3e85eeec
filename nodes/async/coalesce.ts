/**
 * Lets concurrent callers share calls of `run`: at most one runs at a time, and each caller gets the result of a run
 * that started after its own call.
 */
export function coalesce<T>(run: () => Promise<T>): () => Promise<T> {
	let last: Promise<unknown> = Promise.resolve();
	let next: Promise<T> | undefined;
	const start = async (): Promise<T> => {
		next = undefined;
		return await run();
	};
	return async () => {
		if (next) return await next;
		next = last.then(start);
		last = next.catch(() => undefined);
		return await next;
	};
}
