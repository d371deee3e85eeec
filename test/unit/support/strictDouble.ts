/**
 * A `T` with only the given members: reading or writing any other member throws.
 * @param name the name of the double in the error
 */
export function strictDouble<T extends object>(name: string, given: Partial<T>): T {
	const refuse = (action: string, key: string | symbol): never => {
		throw new Error(`unexpected: ${name}: ${action} "${String(key)}"`);
	};
	return new Proxy(given, {
		get: (target, key) => (Object.hasOwn(target, key) ? Reflect.get(target, key) : refuse('reading', key)),
		set: (_, key) => refuse('writing', key),
		deleteProperty: (_, key) => refuse('deleting', key),
		defineProperty: (_, key) => refuse('defining', key),
	}) as T;
}
