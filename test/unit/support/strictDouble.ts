/**
 * Stands in for a `T` with only what a test gives it: whatever else is asked of it, or written to it, throws.
 * @param name how the double calls itself in the error
 */
export function strictDouble<T extends object>(name: string, given: Partial<T>): T {
	const refuse = (action: string, key: string | symbol): never => {
		throw new Error(`${name}: ${action} "${String(key)}" was not expected`);
	};
	return new Proxy(given, {
		get: (target, key) => (Object.hasOwn(target, key) ? Reflect.get(target, key) : refuse('reading', key)),
		set: (_, key) => refuse('writing', key),
		deleteProperty: (_, key) => refuse('deleting', key),
		defineProperty: (_, key) => refuse('defining', key),
	}) as T;
}
