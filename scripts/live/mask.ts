/** Headers that identify or authenticate the user; their names are kept, but not their values. */
const PRIVATE_HEADER = /auth|cookie|token|key|secret|sign|forwarded|real-ip|client-ip|^host$|^cf-|^x-vercel|^via$/i;

/** Fields of a body that do. */
const PRIVATE_FIELD = /token|secret|passw|api.?key|cookie|mail|phone|mobile/i;

/** Creates a function that masks secrets in a text, in plain, JSON and URL encoding. Signed URLs lose what follows "?". */
export function maskOf(secrets: string[]): (text: string) => string {
	const spellings = secrets
		.filter((secret) => secret !== '')
		.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')])
		.sort((a, b) => b.length - a.length);
	return (text) =>
		spellings.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replace(/(https?:\/\/[^\s"?#\\]+)[?#][^\s"\\]*/g, '$1?***');
}

/** A copy of a JSON value with masked texts and names, and without the values of private fields. */
export function masked<T>(value: T, mask: (text: string) => string): T {
	if (typeof value === 'string') return mask(value) as T;
	if (Array.isArray(value)) return value.map((entry: unknown) => masked(entry, mask)) as T;
	if (typeof value !== 'object' || value === null) return value;
	const field = ([name, entry]: [string, unknown]) => [mask(name), PRIVATE_FIELD.test(name) && !isContainer(entry) ? '***' : masked(entry, mask)];
	return Object.fromEntries(Object.entries(value).map(field)) as T;
}

const isContainer = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** The shape of a JSON value: all names, and only the types of the values. For responses with a secret in an unknown place. */
export function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(shapeOf);
	if (typeof value === 'string') return `a text of ${value.length} characters`;
	if (typeof value !== 'object' || value === null) return value === null ? null : `a ${typeof value}`;
	return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, shapeOf(entry)]));
}

/** The headers without the values that identify a person or a machine. */
export const maskedHeaders = (headers: Record<string, string>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, PRIVATE_HEADER.test(name) ? '***' : value]));
