/** An object of JSON. */
export type JsonObject = { [name: string]: string | number | boolean | object | null | undefined };

/**
 * Names that lead from an object to what all objects share: `__proto__`, `constructor`, `toString`, … A later node
 * that merges the output could follow them and write there, so they are removed.
 */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

/** Deeper than any response of the vendor. Code that walks a deeper result would overflow the stack. */
const MAX_DEPTH = 32;

/** Whether a value is an object with fields: neither null nor a list. */
export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a field of this name would reach into JavaScript's own objects. */
export const isUnsafeKey = (key: string): boolean => UNSAFE_KEYS.has(key);

/**
 * A copy of a JSON value without unsafe keys, at any depth.
 * @param clean is applied to each text in it, names included
 */
export function sanitize(value: unknown, clean: (text: string) => string = (text) => text, depth = 0): unknown {
	if (typeof value === 'string') return clean(value);
	if (typeof value !== 'object' || value === null) return value;
	if (depth === MAX_DEPTH) return null;
	if (Array.isArray(value)) return value.map((entry) => sanitize(entry, clean, depth + 1));
	const safe = Object.entries(value).filter(([key]) => !isUnsafeKey(key));
	return Object.fromEntries(safe.map(([key, entry]) => [clean(key), sanitize(entry, clean, depth + 1)]));
}

/** The index behind the JSON string that opens before `at`. */
function endOfString(text: string, at: number): number {
	let end = at;
	while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
	return end + 1;
}

/** Puts integers in quotes that JSON.parse would round, since an ID needs all its digits. One pass over the text. */
function quoteLongIntegers(text: string): string {
	if (!/\d{16}/.test(text)) return text;
	const token = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
	const parts: string[] = [];
	let copied = 0;
	for (let found = token.exec(text); found; found = token.exec(text)) {
		const [word] = found;
		if (word === '"') token.lastIndex = endOfString(text, token.lastIndex);
		else if (/^-?\d{16,}$/.test(word) && !Number.isSafeInteger(Number(word))) {
			parts.push(text.slice(copied, found.index), `"${word}"`);
			copied = token.lastIndex;
		}
	}
	return parts.join('') + text.slice(copied);
}

function parse(text: string): unknown {
	try {
		return JSON.parse(quoteLongIntegers(text));
	} catch {
		return null;
	}
}

/**
 * Parses JSON of the vendor; null if it is not JSON. Integers beyond 2^53 become text with all their digits, and a `result`
 * that is JSON in a text is parsed too (UNKNOWN whether HiDream sends one). Texts are cleaned after parsing, since JSON may contain escapes.
 */
export function vendorJson(text: string, clean?: (text: string) => string): unknown {
	const json = sanitize(parse(text), clean);
	if (!isObject(json) || typeof json.result !== 'string' || !/^\s*[{[]/.test(json.result)) return json;
	return { ...json, result: sanitize(parse(json.result), clean) ?? json.result };
}
