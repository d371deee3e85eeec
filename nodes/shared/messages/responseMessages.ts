import { isOk, meaningOf, type CodeMeaning } from '../../hidream/codes';
import { MAX_RESPONSE_BYTES } from '../../hidream/limits';
import type { BodyKind, Said } from '../../hidream/response';

/** What went wrong, in the words of the user and of the vendor. */
export interface ErrorInfo extends Partial<Omit<Said, 'body'>> {
	/** One sentence without its full stop: what happened. */
	message: string;
	/** One or two sentences: what to do now. */
	hint: string;
	/** The next item would fare no better. Absent where the failure is the item's own. */
	scope?: 'account';
}

/** What to do about a task that may or may not exist. */
export const LOOK_FIRST = 'Check your HiDream account for the task before you send this video again. It may have been paid for.';

export const MAY_EXIST = 'The task may still have been created';

export const LATER = 'Try again later.';

const CHECK_TOKEN = 'Check the token or key in the HiDream API credential.';

export const CHECK_BASE_URL = 'Check the Base URL in the HiDream API credential.';

const CHECK_THE_WAY = 'Check proxies, firewalls and the Base URL in the HiDream API credential.';

/** What to do about a code, by what it says. */
export const CODE_HINTS: Readonly<Record<CodeMeaning['says'], string>> = {
	noCredits: 'The HiDream account has no credits left. Top it up, then run again.',
	badToken: CHECK_TOKEN,
	billingFailed: `HiDream's billing failed. ${LATER}`,
	levelTooLow: 'The member level of the HiDream account is too low for this request. Check the account.',
	moduleGone: 'HiDream no longer offers video stylization at this address. Look for a newer version of this node.',
	tooManyRequests: 'Send fewer tasks a minute, or try again later.',
};

/** What to do about an HTTP status that HiDream sent with a code that is not known. */
const STATUS_HINTS: Readonly<Record<number, string>> = {
	401: CHECK_TOKEN,
	403: 'The account may not use video stylization. Check the credential and the account.',
	404: CHECK_BASE_URL,
	413: 'The video is too large for HiDream. Make it smaller, or use a URL.',
	429: 'HiDream is getting too many requests from this account. Try again later, or lower "Tasks per Minute".',
	503: 'HiDream is overloaded. Try again later.',
};

const statusHint = (status: number): string => STATUS_HINTS[status] ?? 'Check the parameters of this item.';

const BODIES: Readonly<Record<BodyKind, string>> = {
	empty: 'an empty response',
	webPage: 'a web page',
	foreignJson: 'JSON that is not from HiDream',
	text: 'text that is not JSON',
	broken: 'a response that broke off',
	tooLong: `a response that is longer than ${MAX_RESPONSE_BYTES / 1024 / 1024} MB`,
};

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/**
 * What happened when a response has no usable `code`. It need not come from HiDream, so neither the account nor the item is
 * blamed. Statuses that HiDream itself sends without a body are left open.
 */
export function foreignMessage(status: number, body: BodyKind): string {
	if (status === 407) return 'A proxy between n8n and HiDream requires a login (HTTP 407)';
	if (isRedirect(status)) return `The Base URL redirects to another address (HTTP ${status})`;
	const isOpen = status >= 500 || (status === 401 && body !== 'webPage') || status === 413 || status === 429 || ['empty', 'broken', 'tooLong'].includes(body);
	return isOpen
		? `HiDream, or something between n8n and HiDream, answered with HTTP ${status} and ${BODIES[body]}`
		: `Something between n8n and HiDream answered instead of HiDream (HTTP ${status}, ${BODIES[body]})`;
}

/** What to do about it. */
export function foreignHint(status: number, body: BodyKind): string {
	if (status === 407) return 'Put the user name and password of the proxy into HTTPS_PROXY of n8n.';
	if (isRedirect(status)) {
		return 'Check whether a login page or a proxy is between n8n and HiDream. If HiDream has moved, put the new address into the Base URL of the HiDream API credential.';
	}
	if (status === 413) return 'The video is too large for HiDream or for a proxy on the way. Make it smaller, or use a URL.';
	if (status === 429) return 'HiDream, or a proxy on the way, is getting too many requests. Try again later, or lower "Tasks per Minute".';
	if (status >= 500) return 'Try again later. If it happens again, check proxies, firewalls and the Base URL in the HiDream API credential.';
	if (status === 401 && body !== 'webPage') return `${CHECK_TOKEN} ${CHECK_THE_WAY}`;
	return CHECK_THE_WAY;
}

/** HiDream's own words, or the HTTP status; a code that says no at the end. */
export const quote = ({ httpStatus, vendorMessage, vendorCode }: Said): string =>
	`${vendorMessage === undefined ? `HTTP ${httpStatus}` : `"${vendorMessage}"`}${vendorCode === undefined || isOk(vendorCode) ? '' : ` (code ${vendorCode})`}`;

/** A message and a hint, with what the response said. */
export function withFacts({ httpStatus, vendorCode, vendorMessage, requestId, taskId }: Said, message: string, hint: string): ErrorInfo {
	return { message, hint, httpStatus, vendorCode, vendorMessage, requestId, taskId };
}

/**
 * A response that says no.
 * @param unknownHint what to do about a code that is not known
 */
export function refusal(said: Said, what: string, unknownHint = statusHint(said.httpStatus)): ErrorInfo {
	const { httpStatus, vendorCode, body = 'empty' } = said;
	if (vendorCode === undefined) return withFacts(said, foreignMessage(httpStatus, body), foreignHint(httpStatus, body));
	const meaning = meaningOf(vendorCode);
	return withFacts(said, `${what}: ${quote(said)}`, meaning ? CODE_HINTS[meaning.says] : unknownHint);
}

export const isBadToken = ({ httpStatus, vendorCode }: Said): boolean => httpStatus === 401 || meaningOf(vendorCode)?.badToken === true;

export function accountRefusal(said: Said): ErrorInfo {
	const badToken = isBadToken(said);
	const what = badToken ? 'HiDream rejected the token' : 'HiDream does not accept videos at the moment';
	return refusal(said, what, badToken || said.httpStatus === 403 ? undefined : LATER);
}

export function unclear(said: Said): ErrorInfo {
	const { httpStatus, vendorCode, body = 'empty' } = said;
	const what = vendorCode === undefined ? foreignMessage(httpStatus, body) : `HiDream answered with HTTP ${httpStatus}, ${quote(said)}`;
	return withFacts(said, `${what}. ${MAY_EXIST}`, LOOK_FIRST);
}
