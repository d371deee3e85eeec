/** By signal, what to run when it fires. */
const actionsOf = new WeakMap<AbortSignal, Set<() => void>>();

function listenTo(signal: AbortSignal): Set<() => void> {
	const known = actionsOf.get(signal);
	if (known) return known;
	const actions = new Set<() => void>();
	signal.addEventListener('abort', () => actions.forEach((action) => action()), { once: true });
	actionsOf.set(signal, actions);
	return actions;
}

/**
 * Runs `action` when `signal` fires, or now if it has fired. However many wait for one signal, it has one
 * listener: Node.js warns of a leak at eleven, and one execution may have a thousand items.
 * @returns removes the action
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
	if (signal?.aborted) action();
	if (!signal || signal.aborted) return () => undefined;
	const actions = listenTo(signal).add(action);
	return () => void actions.delete(action);
}
