/**
 * The vendor's `code` values that are known. The full table is UNKNOWN: a code that is not here is shown with the
 * vendor's own message, and its request is never retried.
 */

/** HiDream's `code`. CERTAIN: a number. LIKELY: text on the newer gateway, such as `insufficient_credits`. */
export type Code = number | string;

/** CERTAIN: success is HTTP 200 and this code. */
export const CODE_OK = 0;

/** UNKNOWN: a gateway may spell success as a word. If it were read as a refusal, a paid task would be sent again. */
const OK_WORDS: ReadonlySet<string> = new Set(['ok', 'success', 'succeeded', 'accepted']);

/** What a code means for the request. */
export interface CodeMeaning {
	/** What is wrong. */
	says: 'noCredits' | 'badToken' | 'billingFailed' | 'levelTooLow' | 'moduleGone' | 'tooManyRequests';
	/** Whether the account is wrong, so that the next item would fail too, or only this item. */
	scope: 'account' | 'item';
	/** Nothing else is submitted in this run. */
	fatal?: true;
	/** Temporary: the same request is worth another attempt. */
	retryable?: true;
	/** The token is refused: worth one attempt with a new one. */
	badToken?: true;
}

const NO_CREDITS: CodeMeaning = { says: 'noCredits', scope: 'account', fatal: true };

const BAD_TOKEN: CodeMeaning = { says: 'badToken', scope: 'account', badToken: true };

/**
 * By `codeKey`. All of them say that no task was created. The fake HiDream server has a list of its own,
 * `VENDOR_CODES` in `sandbox/responses.ts`.
 */
export const CODE_MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map<string, CodeMeaning>([
	// CERTAIN: "No credits available" in the vendor's client.
	['2007', NO_CREDITS],
	// LIKELY: the vendor's newer gateway.
	['insufficient_credits', NO_CREDITS],
	['trade_no_credits_available', NO_CREDITS],
	// LIKELY: the vendor's own trading service failed.
	['2004', { says: 'billingFailed', scope: 'account' }],
	// LIKELY: the member level is too low. UNKNOWN whether for this request or for all.
	['2020', { says: 'levelTooLow', scope: 'item' }],
	// CERTAIN as seen, its meaning LIKELY: the module is no longer served.
	['2031', { says: 'moduleGone', scope: 'account', fatal: true }],
	// UNKNOWN: gateways often repeat the HTTP status as the code.
	['401', BAD_TOKEN],
	['429', { says: 'tooManyRequests', scope: 'account', retryable: true }],
]);

/** The text that codes are compared by: neither case nor spaces make a difference. */
export const codeKey = (code: Code): string =>
	typeof code === 'number' ? String(code) : code.trim().toLowerCase().replace(/[\s-]+/g, '_');

/** Whether a code means success. */
export const isOk = (code: Code | undefined): boolean =>
	code === CODE_OK || (typeof code === 'string' && OK_WORDS.has(codeKey(code)));

/** LIKELY, where a code is a word: it says that the token or key is not accepted. A word about the prompt or the video does not. */
const TOKEN_WORDS = /^(?!.*(prompt|video|image|url)).*(token|api_?key|unauthorized|unauthorised|unauthenticated|auth_|authentication|login|signature)/;

/** Whether the code is one that is known to mean no task, whatever the HTTP status. A guess by its words is not enough. */
export const isKnownRefusal = (code: Code): boolean => CODE_MEANINGS.has(codeKey(code));

/** What is known of `code`; undefined for an unknown code. */
export function meaningOf(code: Code | undefined): CodeMeaning | undefined {
	if (code === undefined) return undefined;
	return CODE_MEANINGS.get(codeKey(code)) ?? (typeof code === 'string' && TOKEN_WORDS.test(codeKey(code)) ? BAD_TOKEN : undefined);
}
