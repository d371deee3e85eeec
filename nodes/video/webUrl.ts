import { NOT_A_URL, NOT_HTTP, SCHEME_HINTS, unusableUrl, URL_MESSAGES, USE_PUBLIC_URL, type UrlError } from '../shared/messages/aboutVideos';
import type { Message } from '../shared/messages/message';
import { oneUrlText } from './urlText';

/** `entered` is the URL as it was entered, before it was percent-encoded. */
export type WebUrl = { ok: true; url: URL; text: string; entered: string } | UrlError;

const reject = (error: Message): UrlError => ({ ok: false, error });

/** What to encode: everything that RFC 3986 does not allow, except existing escapes. */
const TO_ENCODE = /%(?![0-9a-fA-F]{2})|[^\x21-\x7e]|["<>\\^`{|}]/gu;

/** Invisible and control characters, except the tab and the two joiners, which belong to words and emojis. */
const INVISIBLE = /(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** Scheme, authority (user, host, port) and the rest. */
const PARTS = /^(https?):\/\/([^/\\?#]+)(.*)$/is;

/** What to do about other schemes. */
const OTHER_SCHEMES: ReadonlyArray<readonly [scheme: RegExp, hint: string]> = [
	[/^(s3|s3a|gs|r2|azure|wasbs?|abfss?|oss|cos):/i, SCHEME_HINTS.storage],
	[/^(file|data|blob|ftps?|sftp|smb|content|[a-z]:\\)/i, SCHEME_HINTS.file],
];

/** What an expression without a value writes into a URL. */
const NO_VALUE = /^(undefined|null|NaN|Invalid Date(Time)?)(\.\w{1,5})?$/;

/** A placeholder from documentation or a template. `:id` is legal, so it is accepted. */
const TEMPLATE = /<[^<>]*>|^\$?\{[a-z_][a-z_ .]*\}$/i;

/** An n8n expression or a JavaScript template literal that was not evaluated. */
const EXPRESSION = /\{\{[^{}"]*\}\}|\$\{|\$(?:json|input|node|binary|item|items|vars|prevNode)\b\s*[.[(]|\$\(['"]/;

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Finds a placeholder that should have been replaced by a value. */
function findPlaceholder(text: string): Message | undefined {
	const whole = decoded(text);
	if (EXPRESSION.test(whole)) return URL_MESSAGES.notEvaluated;
	if (/\[object \w+\]/.test(whole)) return URL_MESSAGES.objectAsText;
	// Labels of the host, path segments, and names and values of the query.
	const parts = text.split(/[/?#&=;@:]+/).flatMap((part, i) => (i === 1 ? [part, ...part.split('.')] : [part])).map(decoded);
	const noValue = parts.map((part) => NO_VALUE.exec(part)?.[1]).find((word) => word !== undefined);
	if (noValue !== undefined) return URL_MESSAGES.noValue(noValue);
	const template = parts.find((part) => TEMPLATE.test(part));
	return template === undefined ? undefined : URL_MESSAGES.placeholder(template);
}

const encode = (text: string): string => text.replace(TO_ENCODE, (character) => encodeURIComponent(character));

const schemeHint = (text: string): string => OTHER_SCHEMES.find(([scheme]) => scheme.test(text))?.[1] ?? SCHEME_HINTS.other;

/**
 * Reads the one absolute http(s) URL in `value`. The result is ASCII: percent-encoded where needed, with the host in Punycode.
 * Legal characters stay byte for byte, because the signature of a signed URL covers them. `new URL()` alone would
 * remove line breaks, turn backslashes into slashes and accept `https:host`.
 * A user name and password stay: like a signature, they give HiDream access.
 * @param sameMachine the service runs on this machine (a loopback base URL), and can reach its loopback hosts
 */
export function readWebUrl(value: unknown, sameMachine: boolean): WebUrl {
	const found = oneUrlText(value);
	if (!found.ok) return found;
	const { text } = found;
	const parts = PARTS.exec(text);
	if (!parts) return reject([unusableUrl(text, true) ?? NOT_HTTP, schemeHint(text)]);
	const placeholder = findPlaceholder(text);
	if (placeholder !== undefined) return reject(placeholder);
	if (INVISIBLE.test(text)) return reject(URL_MESSAGES.invisible);
	const [, scheme = '', authority = '', rest = ''] = parts;
	const [path = ''] = rest.split(/[?#]/);
	if (path.includes('\\')) return reject(URL_MESSAGES.backslash);
	const at = authority.lastIndexOf('@') + 1;
	// With another @ in the password, clients disagree about the host.
	const user = at === 0 ? '' : `${encode(authority.slice(0, at - 1)).replace(/@/g, '%40')}@`;
	const host = authority.slice(at);
	const reason = /\s|\u200c|\u200d|["'<>]|:0+$/.test(host) ? NOT_A_URL : unusableUrl(`${scheme}://${host}`, sameMachine);
	if (reason !== undefined) return reject([reason, USE_PUBLIC_URL]);
	const url = new URL(`${scheme}://${host}`);
	const fixed = `${url.protocol}//${user}${url.host}${encode(rest)}`;
	return { ok: true, url: new URL(fixed), text: fixed, entered: text };
}
