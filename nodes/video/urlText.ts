import { URL_MESSAGES, type UrlError } from '../shared/messages/aboutVideos';

/** Finds the one URL in what a user, an expression or a model entered. */

export type UrlText = { ok: true; text: string } | UrlError;

const SEVERAL: UrlError = { ok: false, error: URL_MESSAGES.several };
const EMPTY: UrlError = { ok: false, error: URL_MESSAGES.empty };

/** In characters. A longer text is a file or a list. */
const MAX_LENGTH = 16_384;

/** Invisible characters around a copied text: white space (in front also percent-encoded), the byte order mark, zero-width and directional characters. */
const INVISIBLE_ENDS = /^(?:[\p{Cf}\p{Z}\s]|%20)+|[\p{Cf}\p{Z}\s]+$/gu;

/** Escapes from JSON or HTML, which no URL contains by itself. */
const ESCAPED_SLASH = /\\\//g;
const ESCAPED_AND = /(?:&|\\u0026)(?:amp;|#0*38;|#x26;)+|\\u0026/gi;

/** What users and programs put around a URL. */
const WRAPPERS = ['""', "''", '``', '<>', '()', '[]', '“”', '‘’', '«»', '„“', '「」'];

/** Another URL after a list separator, or directly after a file name. */
const FURTHER_URL = /(?:[\s,;|，、；]|%0[ad])["'`<([{]*(?:[a-z][a-z0-9+.-]*:\/\/|www\.)|(?:\.[a-z0-9]{2,4}|\/[a-z0-9]+)[&+-]?https?:\/\//i;

/** Parses a JSON list or object; undefined for any other text. */
function fromJson(text: string): unknown {
	if (!/^[[{]/.test(text)) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function unwrap(text: string): string {
	const bare = text.replace(INVISIBLE_ENDS, '')
		.replace(/^[,;|，、；\s]+|[，、；。|\s]+$/g, '')
		.replace(/^([^?]*?)[,;]+$/, '$1');
	const markdown = /^!?\[[^\]]*\]\(\s*(\S+?)(?:\s+"[^"]*")?\s*\)$/.exec(bare)?.[1];
	if (markdown !== undefined) return unwrap(markdown);
	const wrapper = WRAPPERS.find(([open, close]) => bare.length > 1 && bare.startsWith(open ?? '') && bare.endsWith(close ?? ''));
	if (wrapper === undefined) return bare;
	const inner = bare.slice(1, -1);
	// Slack writes <URL|label>.
	return unwrap(wrapper === '<>' ? inner.replace(/^(https?:[^|]*)\|.*$/, '$1') : inner);
}

/**
 * Finds the one URL in `value`, without wrappers, and checks nothing else. A comma inside a URL is legal, and so is
 * another URL in its path or query.
 */
export function oneUrlText(value: unknown): UrlText {
	if (Array.isArray(value)) {
		const entries = value.filter((entry) => entry !== null && entry !== undefined && entry !== '');
		return entries.length > 1 ? SEVERAL : oneUrlText(entries[0]);
	}
	if (value === null || value === undefined) return EMPTY;
	if (typeof value === 'object') return { ok: false, error: URL_MESSAGES.isObject };
	if (String(value).length > MAX_LENGTH) return { ok: false, error: URL_MESSAGES.tooLong };
	const text = unwrap(String(value)).replace(ESCAPED_SLASH, '/').replace(ESCAPED_AND, '&').replace(/\\u003d/gi, '=');
	if (text === '') return EMPTY;
	const json = fromJson(String(value).trim());
	if (json !== undefined) return oneUrlText(json);
	const isSeveral = /^(https?:|www\.)/i.test(text) ? FURTHER_URL.test(text.slice(1)) : text.split(/https?:\/\//i).length > 2;
	return isSeveral ? SEVERAL : { ok: true, text };
}
