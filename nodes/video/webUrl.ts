import { unusableUrl } from '../shared/messages';
import { findPlaceholder } from './placeholders';
import { oneUrlText } from './urlText';
import type { UrlError } from './urlText';

export type WebUrl = { ok: true; url: URL; text: string } | ({ ok: false } & UrlError);

const refuse = (reason: string, hint: string): WebUrl => ({ ok: false, reason, hint });

/** What a URL may contain as it stands: RFC 3986 and existing escapes. `^`, `|` and the like are encoded. */
const TO_ENCODE = /%(?![0-9a-f]{2})|[^\x21-\x7e]|["<>\\^`{|}]/giu;

/** Control characters but the tab, and what is invisible: nobody types them. The two joiners belong to words and emojis. */
const INVISIBLE = /(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/** Scheme, authority (user, host, port) and the rest, as they are written. */
const PARTS = /^(https?):\/\/([^/\\?#]+)(.*)$/is;

/** Where else a video may lie, and what to do then. */
const OTHER_SCHEMES: ReadonlyArray<readonly [scheme: RegExp, advice: string]> = [
	[/^(s3|s3a|gs|r2|azure|wasbs?|abfss?|oss|cos):/i, 'Create a signed https URL for the object, or download it and set "Input Type" to Binary File.'],
	[/^(file|data|blob|ftps?|sftp|smb|content|[a-z]:\\)/i, 'HiDream cannot read it. Read or download the file, then set "Input Type" to Binary File.'],
];

const PUT_PUBLIC = 'Enter one URL that can be reached from the public internet.';

const encode = (text: string): string => text.replace(TO_ENCODE, (character) => encodeURIComponent(character));

function adviceFor(text: string): string {
	return OTHER_SCHEMES.find(([scheme]) => scheme.test(text))?.[1] ?? `${PUT_PUBLIC} It must begin with https:// or http://.`;
}

/**
 * The one absolute http(s) URL in `value`, in ASCII: percent-encoded where needed, its host in Punycode. Everything
 * that is legal stays byte for byte, since the signature of a signed URL covers it. `new URL()` alone would
 * remove line breaks, turn backslashes into slashes and accept `https:host`.
 * A user name and password stay: the user gives HiDream access with them, as with a signature.
 * @param sameMachine the service runs on this machine (a loopback base URL), and reaches its loopback hosts
 */
export function readWebUrl(value: unknown, sameMachine: boolean): WebUrl {
	const found = oneUrlText(value);
	if (!found.ok) return found;
	const { text } = found;
	const parts = PARTS.exec(text);
	if (!parts) return refuse(unusableUrl(text, true) ?? 'does not begin with https:// or http://', adviceFor(text));
	const placeholder = findPlaceholder(text);
	if (placeholder !== undefined) return refuse(placeholder, 'Correct the expression, and check that each item has the value.');
	if (INVISIBLE.test(text)) {
		return refuse('contains a line break or another invisible character', 'Remove it. If it is part of the name of the file, percent-encode it.');
	}
	const [, scheme = '', authority = '', rest = ''] = parts;
	const [path = ''] = rest.split(/[?#]/);
	if (path.includes('\\')) {
		return refuse('contains a backslash', 'Write / between folders, or %5C if the backslash is part of the name of the file.');
	}
	const at = authority.lastIndexOf('@') + 1;
	// Another @ in the password would let clients disagree about the host.
	const user = at === 0 ? '' : `${encode(authority.slice(0, at - 1)).replace(/@/g, '%40')}@`;
	const host = authority.slice(at);
	const reason = /\s|\u200c|\u200d|["'<>]/.test(host) ? 'is not a URL' : unusableUrl(`${scheme}://${host}`, sameMachine);
	if (reason !== undefined) return refuse(reason, PUT_PUBLIC);
	const url = new URL(`${scheme}://${host}`);
	const mended = `${url.protocol}//${user}${url.host}${encode(rest)}`;
	return { ok: true, url: new URL(mended), text: mended };
}
