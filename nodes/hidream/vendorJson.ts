import { jsonParse } from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

/**
 * Names that lead from an object to what all objects share: `__proto__`, `constructor`, `toString`, … A later node
 * that merges what we give out could follow them and write there, so none goes out.
 */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

/** Deeper than any answer of the vendor; n8n itself walks what comes out, and would run out of stack. */
const DEEPEST = 32;

/** Whether a value is an object with fields: neither null nor a list. */
export const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a field of this name would reach into JavaScript's own objects. */
export const isUnsafeKey = (key: string): boolean => UNSAFE_KEYS.has(key);

/**
 * A copy of a JSON value without unsafe keys, at any depth.
 * @param clean is applied to each text in it, names included
 */
export function harmless(value: unknown, clean: (text: string) => string = (text) => text, depth = 0): unknown {
	if (typeof value === 'string') return clean(value);
	if (typeof value !== 'object' || value === null) return value;
	if (depth === DEEPEST) return null;
	if (Array.isArray(value)) return value.map((entry) => harmless(entry, clean, depth + 1));
	const safe = Object.entries(value).filter(([key]) => !isUnsafeKey(key));
	return Object.fromEntries(safe.map(([key, entry]) => [clean(key), harmless(entry, clean, depth + 1)]));
}

/**
 * Reads what the vendor sent as JSON; null when it is none. Cleaned after it is read, since JSON may spell
 * a text with escapes.
 */
export const vendorJson = (text: string, clean?: (text: string) => string): unknown =>
	harmless(jsonParse<unknown>(text, { fallbackValue: null }), clean);
