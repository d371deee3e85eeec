/** Finds the one URL that a user meant, in whatever an expression, a copy or a model put into the field. */

export interface UrlError {
	/** Completes a sentence that begins with the name of the field. */
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

/** Far beyond any URL, signed ones too; what is longer is a file or a list. */
const MAX_LENGTH = 16_384;

/** Invisible at the ends of a copied text: white space, the byte order mark, zero-width and directional characters. */
const INVISIBLE_ENDS = /^[\p{Cf}\p{Z}\s]+|[\p{Cf}\p{Z}\s]+$/gu;

/** Copied out of JSON or HTML: no URL means these as they stand. */
const ESCAPED_SLASH = /\\\//g;
const ESCAPED_AND = /(?:&|\\u0026)(?:amp;)+|\\u0026/gi;

/** What people and programs put around a URL. */
const WRAPPERS = ['""', "''", '``', '<>', '()', '[]', '“”', '‘’', '«»', '„“', '「」'];

/** Any further URL after something that separates the entries of a list, or right behind a file name. */
const FURTHER_URL = /(?:[\s,;|，、；]|%0[ad])["'`<([{]*(?:[a-z][a-z0-9+.-]*:\/\/|www\.)|(?:\.[a-z0-9]{2,4}|\/[a-z0-9]+)[&+-]?https?:\/\//i;

/** A list or an object as JSON text; undefined for any other text. */
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
 * The one URL in `value`, without what surrounds it; not checked for anything else.
 * A comma inside one URL is legal, and so is a URL that carries another one in its path or query.
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
