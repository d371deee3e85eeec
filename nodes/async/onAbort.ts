interface Listening {
	actions: Set<() => void>;
	listener: () => void;
}

const listening = new WeakMap<AbortSignal, Listening>();

function listenTo(signal: AbortSignal): Listening {
	const known = listening.get(signal);
	if (known) return known;
	const actions = new Set<() => void>();
	const listener = () => actions.forEach((action) => action());
	signal.addEventListener('abort', listener, { once: true });
	const added = { actions, listener };
	listening.set(signal, added);
	return added;
}

/**
 * Runs `action` when `signal` fires, or now if it has fired. However many wait for one signal, it has one
 * listener: Node.js warns of a leak at eleven, and one execution may have a thousand items.
 * @returns removes the action
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
	if (!signal) return () => undefined;
	if (signal.aborted) {
		action();
		return () => undefined;
	}
	const { actions, listener } = listenTo(signal);
	actions.add(action);
	return () => {
		actions.delete(action);
		if (actions.size > 0) return;
		signal.removeEventListener('abort', listener);
		listening.delete(signal);
	};
}
