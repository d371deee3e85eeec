const actions = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Runs `action` when `signal` fires, or now if it has fired. However many wait for one signal, it gets one
 * listener: Node.js warns of a leak at eleven, and one execution may have a thousand items.
 * @returns takes the action back
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
	if (!signal) return () => undefined;
	if (signal.aborted) {
		action();
		return () => undefined;
	}
	let waiting = actions.get(signal);
	if (!waiting) {
		const added = new Set<() => void>();
		signal.addEventListener('abort', () => added.forEach((act) => act()), { once: true });
		actions.set(signal, added);
		waiting = added;
	}
	const mine = waiting;
	mine.add(action);
	return () => mine.delete(action);
}
