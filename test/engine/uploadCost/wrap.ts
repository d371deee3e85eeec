import { CLASSES, constructed, METHODS, type CallsDone, type EffectOf } from './calls';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Restore = () => void;

/**
 * Wraps all functions that allocate or copy bytes, so that they report to `note`, until they are restored.
 * Nested calls, such as the `allocUnsafe` in `concat`, count as part of the outer one.
 */
export function wrap(note: (done: CallsDone) => void): Restore {
	let depth = 0;
	function watched<T>(call: () => T, effectOf: (result: T) => CallsDone): T {
		depth += 1;
		try {
			const result = call();
			if (depth === 1) note(effectOf(result));
			return result;
		} finally {
			depth -= 1;
		}
	}

	const wrapMethod = (owner: object, name: string, effectOf: EffectOf): Restore =>
		replace(owner, name, (original: Method): Method => {
			return function (this: unknown, ...args: unknown[]) {
				return watched(() => original.apply(this, args), (result) => effectOf(result, args, this));
			};
		});

	const wrapClass = (name: string): Restore =>
		replace(globalThis, name, (original: new () => object) => {
			const stand: typeof original = new Proxy(original, {
				construct: (_target, args: unknown[], made) =>
					watched(
						() => Reflect.construct(original, args, made === stand ? original : made) as object,
						(result) => constructed(result, args, undefined),
					),
			});
			return stand;
		});

	const restores = [
		...METHODS.flatMap(([owner, effects]) => Object.entries(effects).map(([name, effectOf]) => wrapMethod(owner, name, effectOf))),
		...CLASSES.map(wrapClass),
	];
	return () => restores.forEach((restore) => restore());
}

/** Replaces a property, if it exists, until it is restored. */
function replace<T>(owner: object, name: string, by: (original: T) => T): Restore {
	const before = Object.getOwnPropertyDescriptor(owner, name);
	if (!before) return () => undefined;
	const original = Reflect.get(owner, name) as T;
	Object.defineProperty(owner, name, { configurable: true, writable: true, enumerable: before.enumerable ?? false, value: by(original) });
	return () => void Object.defineProperty(owner, name, before);
}
