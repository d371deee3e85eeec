/** The actions of one signal, behind one listener. */
class Actions extends Set<() => void> {
	handleEvent(): void {
		this.forEach((action) => action());
	}
}

const actionsOf = new WeakMap<AbortSignal, Actions>();

/**
 * Runs `action` when `signal` fires, or now if it has fired. However many wait for one signal, it has one
 * listener: Node.js warns of a leak at eleven, and one execution may have a thousand items.
 * @returns removes the action
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
	if (signal?.aborted) action();
	if (!signal || signal.aborted) return () => undefined;
	const actions = actionsOf.get(signal) ?? new Actions();
	actionsOf.set(signal, actions.add(action));
	// Adding the same listener again has no effect.
	signal.addEventListener('abort', actions, { once: true });
	return () => {
		actions.delete(action);
		if (actions.size === 0) signal.removeEventListener('abort', actions);
	};
}
