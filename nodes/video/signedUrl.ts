/**
 * When a signed URL expires, in milliseconds since 1970. The formats are CERTAIN (documented by AWS, Google, Microsoft,
 * Alibaba, Tencent), except those of Discord, Facebook, Notion, Weibo and other CDNs, which are LIKELY. Values in another format are ignored.
 */

/** HiDream fetches the video after the request (UNKNOWN how long after), so a signature must at least outlive the request. */
const MARGIN_MS = 5_000;

type Parameters = ReadonlyMap<string, string>;

/** `20261128T195059Z` and a number of seconds. */
function dateAndSeconds(date = '', seconds = ''): number | undefined {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/i.exec(date);
	if (!parts || !/^\d{1,9}$/.test(seconds)) return undefined;
	const [year, month, day, hour, minute, second] = parts.slice(1);
	return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) + Number(seconds) * 1_000;
}

/** Seconds since 1970, in decimal. A number with fewer digits is a duration. */
const epoch = (text = ''): number | undefined => (/^\d{10,11}$/.test(text) ? Number(text) * 1_000 : undefined);

const hexEpoch = (text = ''): number | undefined => (/^[0-9a-f]{8}$/i.test(text) ? parseInt(text, 16) * 1_000 : undefined);

/** The time inside base64 JSON, such as CloudFront's policy or a JSON Web Token. */
function epochIn(base64: string, claim: RegExp): number | undefined {
	return epoch(claim.exec(Buffer.from(base64, 'base64').toString())?.[1]);
}

/** A parameter that signs an `Expires=` epoch. Without one, `Expires` can mean anything. */
const SIGNATURE = /^(x-)?(signature|sig|lsig|ssig|sign|upsig|token|hmac|hash|md5|hm|kssaccesskeyid|(aws|oss|obs)?accesskeyid|googleaccessid|key-pair-id)$/;

const EPOCHS = ['expires', 'expire', 'x-expires', 'exp', 'e', 'deadline'];

const PROVIDERS: ReadonlyArray<(values: Parameters, url: URL) => number | undefined> = [
	// AWS Signature V4 (also R2, MinIO, B2), Google V4, Alibaba OSS V4, Volcengine TOS.
	...['amz', 'goog', 'oss', 'tos', 'obs'].map(
		(name) => (values: Parameters) => dateAndSeconds(values.get(`x-${name}-date`), values.get(`x-${name}-expires`)),
	),
	// AWS V2, Google V2, Alibaba OSS V1, CloudFront with a canned policy, and CDNs with the same scheme.
	(values) =>
		[...values.keys()].some((name) => SIGNATURE.test(name))
			? EPOCHS.map((name) => epoch(values.get(name))).find((time) => time !== undefined)
			: undefined,
	// CloudFront with a custom policy: base64 with `-_~` for `+=/`.
	(values) => {
		const policy = values.get('policy')?.replace(/[-_~]/g, (character) => ({ '-': '+', _: '=' })[character] ?? '/');
		return policy === undefined ? undefined : epochIn(policy, /"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*(\d+)/);
	},
	// Azure SAS: an ISO time, or only a date.
	(values) => {
		const end = values.get('se') ?? '';
		const isTime = values.has('sig') && /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+ -]\d\d:\d\d))?$/.test(end);
		// `searchParams` decodes "+" as a space.
		return isTime ? Date.parse(end.replace(' ', '+')) : undefined;
	},
	// Tencent COS: start and end.
	(values) => epoch(/^\d+;(\d+)$/.exec(values.get('q-sign-time') ?? '')?.[1]),
	(values, { hostname }) => (/\.discordapp\.(com|net)$/.test(hostname) && values.has('hm') ? hexEpoch(values.get('ex')) : undefined),
	(values, { hostname }) => (/\.(fbcdn\.net|cdninstagram\.com)$/.test(hostname) ? hexEpoch(values.get('oe')) : undefined),
	// Tencent VOD, whose time is five minutes before the end.
	(values, { hostname }) => (/\.(vod2?\.myqcloud|vod-qcloud)\.com$/.test(hostname) && values.has('sign') ? (hexEpoch(values.get('t')) ?? NaN) + 300_000 : undefined),
	// Notion, in milliseconds.
	(values) => (values.has('signature') ? epoch(values.get('expirationtimestamp')?.slice(0, -3)) : undefined),
	// Akamai, in the query or the path.
	(_, { href }) => epoch(/\bexp(?:=|%3d)(\d+)(?:~|%7e)(?:acl|hmac|id|data)\b/i.exec(href)?.[1]),
	// A JSON Web Token, as in links of Supabase and n8n.
	(values) =>
		[...values.values()]
			.map((value) => /^eyJ[\w-]+\.([\w-]+)\.[\w-]*$/.exec(value)?.[1])
			.map((claims) => (claims === undefined ? undefined : epochIn(claims, /"exp"\s*:\s*(\d+)/)))
			.find((time) => time !== undefined),
];

/** When the signature of `url` expires; undefined if it has no known signature. */
export function expiryOf(url: URL): number | undefined {
	const values = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
	const times = PROVIDERS.map((read) => read(values, url)).filter((time) => time !== undefined && Number.isFinite(time)) as number[];
	return times.length === 0 ? undefined : Math.min(...times);
}

/** Whether a URL that expires at `expiresAt` is too old for a request at `now`. */
export const isExpired = (expiresAt: number | undefined, now: number): boolean => expiresAt !== undefined && expiresAt < now + MARGIN_MS;
