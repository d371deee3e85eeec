/**
 * The vendor's `code` values, as far as anybody has seen them. The full table is UNKNOWN: a code that
 * is not here is shown with the vendor's own message and never repeated by itself.
 */

/** CERTAIN: success is HTTP 200 and this code. */
export const CODE_OK = 0;

/** LIKELY: the account has no credits left. */
const NO_CREDITS = 2007;
/** LIKELY: the vendor's own trading service failed. */
const TRADING_FAILED = 2004;
/** LIKELY: the module is no longer served. */
const MODULE_GONE = 2031;
/** UNKNOWN: gateways often repeat the HTTP status as the code; harmless if they never do here. */
const UNAUTHORIZED = 401;
const TOO_MANY = 429;

/** What a code tells about the request that got it. */
export interface CodeMeaning {
	advice: string;
	/** The next request would fare no better: nothing else is submitted in this run. */
	stopsRun?: true;
	/** It passes: the same request is worth another try. */
	passes?: true;
	/** The token is at fault: worth one try with a fresh one. */
	badToken?: true;
}

const MEANINGS: Readonly<Record<number, CodeMeaning>> = {
	[NO_CREDITS]: { advice: 'The HiDream account has no credits left. Top it up, then run again.', stopsRun: true },
	[TRADING_FAILED]: { advice: "HiDream's billing failed. Try again later." },
	[MODULE_GONE]: {
		advice: 'HiDream no longer offers video stylization at this address. Look for a newer version of this node.',
		stopsRun: true,
	},
	[UNAUTHORIZED]: { advice: 'Check the token or key in the HiDream API credential.', badToken: true },
	[TOO_MANY]: { advice: 'Send fewer tasks a minute, or wait a little.', passes: true },
};

/** What is known of `code`; undefined for a code nobody has described. */
export const meaningOf = (code: number | undefined): CodeMeaning | undefined =>
	code === undefined ? undefined : MEANINGS[code];
