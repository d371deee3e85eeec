import { meaningOf, type CodeMeaning } from '../../hidream/codes';
import type { BreakCause, ConnectCause, HttpFailure, TransportError } from '../../hidream/http';
import { MAX_RESPONSE_BYTES } from '../../hidream/limits';
import type { ExchangeReason } from '../../hidream/query';
import type { BodyKind } from '../../hidream/response';

export const LATER = 'Try again later.';

const CHECK_TOKEN = 'Check the token or key in the HiDream API credential.';

export const CHECK_BASE_URL = 'Check the Base URL in the HiDream API credential.';

const CHECK_NETWORK = 'Check proxies, firewalls and the Base URL in the HiDream API credential.';

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

export const statusHint = (status: number): string => STATUS_HINTS[status] ?? 'Check the parameters of this item.';

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
		? `HiDream, or something between n8n and HiDream, returned HTTP ${status} and ${BODIES[body]}`
		: `Something between n8n and HiDream responded instead of HiDream (HTTP ${status}, ${BODIES[body]})`;
}

/** What to do about it. */
export function foreignHint(status: number, body: BodyKind): string {
	if (status === 407) return 'Add the user name and password of the proxy to HTTPS_PROXY of n8n.';
	if (isRedirect(status)) {
		return 'Check whether a login page or a proxy is between n8n and HiDream. If HiDream has moved, enter the new address as the Base URL of the HiDream API credential.';
	}
	if (status === 413) return 'The video is too large for HiDream or for a proxy on the way. Make it smaller, or use a URL.';
	if (status === 429) return 'HiDream, or a proxy on the way, is getting too many requests. Try again later, or lower "Tasks per Minute".';
	if (status >= 500) return 'Try again later. If it happens again, check proxies, firewalls and the Base URL in the HiDream API credential.';
	if (status === 401 && body !== 'webPage') return `${CHECK_TOKEN} ${CHECK_NETWORK}`;
	return CHECK_NETWORK;
}

const CONNECT_CAUSES: Readonly<Record<ConnectCause, string>> = {
	refused: 'the host refuses connections',
	noSuchHost: 'there is no host with that name',
	lookupFailed: 'the name of the host could not be looked up',
	untrustedCertificate: "the host's certificate is not trusted",
	timedOut: 'the host did not respond in time',
	invalidCharacters: 'the address or the token has characters that cannot be sent',
	unreachable: 'the host cannot be reached from here',
	notTls: 'the host does not support https',
	closedImmediately: 'the host, or a firewall before it, closed the connection immediately',
	ended: 'the host did not respond before the request was ended',
	tlsFailed: 'no encrypted connection could be made',
	proxyRefused: 'the proxy refused the connection',
	proxyClosed: 'the proxy closed the connection',
	unknown: 'the connection could not be made',
};

/** n8n replaces messages with code names in them, so none is named. */
const BREAK_CAUSES: Readonly<Record<BreakCause, string>> = {
	reset: 'the connection was reset',
	closed: 'the connection was closed',
	timedOut: 'the connection timed out',
	aborted: 'the connection was aborted',
	cancelled: 'the execution was cancelled',
	idle: 'no response in time',
	bodyBroke: 'the response broke off',
	unknown: 'the connection broke',
};

function connectText({ cause, atProxy, proxyStatus }: Extract<TransportError, { code: 'noConnection' }>): string {
	if (proxyStatus !== undefined) return `${CONNECT_CAUSES.proxyRefused} (HTTP ${proxyStatus})`;
	if (!atProxy) return CONNECT_CAUSES[cause];
	return `the proxy opened no connection${cause === 'unknown' ? '' : `: ${CONNECT_CAUSES[cause].replace('the host', 'the proxy')}`}`;
}

/** Why a request has no response, as the end of a sentence or a sentence of its own. */
export function failureText(failure: TransportError | HttpFailure): string {
	switch (failure.code) {
		case 'noConnection':
			return connectText(failure);
		case 'noToken':
		case 'unreadable':
			return failure.detail;
		case 'notSent':
			return `n8n did not send the request: ${failure.detail ?? 'no reason given'}`;
		case 'cancelled':
			return BREAK_CAUSES.cancelled;
		case 'brokeBefore':
			return failure.cause === 'idle' ? 'no data was transferred for a minute' : BREAK_CAUSES[failure.cause];
		case 'brokeAfter':
		case 'broken':
			return BREAK_CAUSES[failure.cause];
	}
}

const NOT_EXCHANGED = 'The API key could not be exchanged for a token';

/** Why an API key gave no token, in whole sentences. */
export function exchangeText(reason: ExchangeReason): string {
	if (reason.code === 'keyNoResponse') {
		return `${NOT_EXCHANGED}: no connection to HiDream: ${failureText(reason.failure)}. Check the Base URL and the network`;
	}
	const { temporary, httpStatus, vendorCode, vendorMessage, body = 'empty' } = reason;
	if (vendorCode === undefined) return `${NOT_EXCHANGED}: ${foreignMessage(httpStatus, body)}. ${foreignHint(httpStatus, body)}`;
	const said = `HTTP ${httpStatus}, code ${vendorCode}${vendorMessage === undefined ? '' : `, "${vendorMessage}"`}`;
	if (temporary) return `${NOT_EXCHANGED}: HiDream failed (${said}). ${LATER}`;
	const meaning = meaningOf(vendorCode);
	const hint = meaning ? CODE_HINTS[meaning.says] : 'Check the API Key, or create a new one in your HiDream account.';
	return `HiDream refused the API key (${said}). ${hint}`;
}

/** What the test of the credential says when all that is known is a status or a code. */
export const CREDENTIAL_TEST = {
	badToken:
		'HiDream refused the token. Check it, or create a new one in your HiDream account. If it is right, check proxies and firewalls between n8n and HiDream.',
	forbidden:
		'HiDream, or something between n8n and HiDream, refused the request (HTTP 403). Check the account, proxies, firewalls and the Base URL.',
	notHiDream:
		'Something between n8n and HiDream responded instead of HiDream. Check proxies, firewalls and the Base URL; the default is https://www.hidreamai.com.',
};
