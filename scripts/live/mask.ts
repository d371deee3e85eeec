/** Headers that tell who somebody is, or let in; that they were there is told, but not what they said. */
const PRIVATE_HEADER = /auth|cookie|token|key|secret|sign|forwarded|real-ip|client-ip|^host$|^cf-|^x-vercel|^via$/i;

/** Makes what takes secrets out of a text, as they are, as JSON and a URL spell them. Signed addresses lose what comes after "?". */
export function maskOf(secrets: string[]): (text: string) => string {
	const spellings = secrets
		.filter((secret) => secret !== '')
		.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')])
		.sort((a, b) => b.length - a.length);
	return (text) =>
		spellings.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replace(/(https?:\/\/[^\s"?#\\]+)[?#][^\s"\\]*/g, '$1?***');
}

/** A copy of a JSON value in which each text is masked, names included. */
export function masked<T>(value: T, mask: (text: string) => string): T {
	if (typeof value === 'string') return mask(value) as T;
	if (Array.isArray(value)) return value.map((entry: unknown) => masked(entry, mask)) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, entry]) => [mask(name), masked(entry as unknown, mask)])) as T;
}

/** The headers without what they say of a person or a machine. */
export const maskedHeaders = (headers: Record<string, string>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, PRIVATE_HEADER.test(name) ? '***' : value]));
