/** Headers that tell who somebody is, or let in; that they were there is told, but not what they said. */
const PRIVATE_HEADER = /auth|cookie|token|key|secret|sign|forwarded|real-ip|client-ip|^host$|^cf-|^x-vercel|^via$/i;

/** Fields of a body that do. */
const PRIVATE_FIELD = /token|secret|passw|api.?key|cookie|mail|phone|mobile/i;

/** Makes what takes secrets out of a text, as they are, as JSON and a URL spell them. Signed addresses lose what comes after "?". */
export function maskOf(secrets: string[]): (text: string) => string {
	const spellings = secrets
		.filter((secret) => secret !== '')
		.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')])
		.sort((a, b) => b.length - a.length);
	return (text) =>
		spellings.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replace(/(https?:\/\/[^\s"?#\\]+)[?#][^\s"\\]*/g, '$1?***');
}

/** A copy of a JSON value in which each text is masked, names included, and what private fields say is left out. */
export function masked<T>(value: T, mask: (text: string) => string): T {
	if (typeof value === 'string') return mask(value) as T;
	if (Array.isArray(value)) return value.map((entry: unknown) => masked(entry, mask)) as T;
	if (typeof value !== 'object' || value === null) return value;
	const field = ([name, entry]: [string, unknown]) => [mask(name), PRIVATE_FIELD.test(name) && !isContainer(entry) ? '***' : masked(entry, mask)];
	return Object.fromEntries(Object.entries(value).map(field)) as T;
}

const isContainer = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** The shape of a JSON value: all names, and of what they hold only the kind. For answers that hold a secret, nobody knows where. */
export function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(shapeOf);
	if (typeof value === 'string') return `a text of ${value.length} characters`;
	if (typeof value !== 'object' || value === null) return value === null ? null : `a ${typeof value}`;
	return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, shapeOf(entry)]));
}

/** The headers without what they say of a person or a machine. */
export const maskedHeaders = (headers: Record<string, string>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, PRIVATE_HEADER.test(name) ? '***' : value]));
