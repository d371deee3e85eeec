/** Finds the one URL in what a user, an expression or a model entered. */

export interface UrlError {
	/** Completes a sentence that begins with the name of the parameter. */
	reason: string;
	hint: string;
}

export type UrlText = { ok: true; text: string } | ({ ok: false } & UrlError);

const problem = (reason: string, hint: string): UrlText => ({ ok: false, reason, hint });

const SEVERAL = problem(
	'contains several URLs, but an item takes one',
	'Use one item for each video. If the URLs come as a list, put a Split Out node before this node.',
);
const EMPTY = problem('is empty', 'Enter one URL. If it comes from an expression, check that the item has the field.');

/** In characters. A longer text is a file or a list. */
const MAX_LENGTH = 16_384;

/** Invisible characters around a copied text: white space, the byte order mark, zero-width and directional characters. */
const INVISIBLE_ENDS = /^[\p{Cf}\p{Z}\s]+|[\p{Cf}\p{Z}\s]+$/gu;

/** Escapes from JSON or HTML, which no URL contains by itself. */
const ESCAPED_SLASH = /\\\//g;
const ESCAPED_AND = /(?:&|\\u0026)(?:amp;)+|\\u0026/gi;

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
	if (typeof value === 'object') {
		return problem('must be text, but it is an object', 'Use the field of the object that contains the URL.');
	}
	if (String(value).length > MAX_LENGTH) {
		return problem('is too long for a URL', 'Enter one URL. If it contains the file itself, set "Input Type" to Binary File.');
	}
	const text = unwrap(String(value)).replace(ESCAPED_SLASH, '/').replace(ESCAPED_AND, '&');
	if (text === '') return EMPTY;
	const json = fromJson(String(value).trim());
	if (json !== undefined) return oneUrlText(json);
	const isProse = !/^https?:/i.test(text) && text.split(/https?:\/\//i).length > 2;
	return isProse || FURTHER_URL.test(text.slice(1)) ? SEVERAL : { ok: true, text };
}
