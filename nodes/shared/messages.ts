import { isOk, meaningOf, type CodeMeaning } from '../hidream/codes';
import type { BaseUrlProblem } from '../hidream/endpoints';
import { isReachableHost } from '../hidream/hosts';
import type { BreakCause, ConnectCause, HttpFailure, TransportError } from '../hidream/http';
import { MAX_RESPONSE_BYTES } from '../hidream/limits';
import type { AccountReason, ExchangeReason } from '../hidream/query';
import type { QueryReason } from '../hidream/queryTasks';
import type { BodyKind, Said } from '../hidream/response';
import type { SubmissionReason } from '../submission/reasons';
import { meetsEveryItem } from './scope';

/** All sentences that tell users why something did not work. The reasons come from `hidream/` and `submission/`. */

/** What went wrong, in the words of the user and of the vendor. */
export interface ErrorInfo extends Partial<Omit<Said, 'body'>> {
	/** One sentence without its full stop: what happened. */
	message: string;
	/** One or two sentences: what to do now. */
	hint: string;
	/** The next item would fare no better. Absent where the failure is the item's own. */
	scope?: 'account';
}

/** Every reason that `errorInfoOf` describes. */
export type Reason = SubmissionReason | QueryReason | AccountReason;

/** What to do about a task that may or may not exist. */
const LOOK_FIRST = 'Check your HiDream account for the task before you send this video again. It may have been paid for.';

const MAY_EXIST = 'The task may still have been created';

const LATER = 'Try again later.';

const CHECK_TOKEN = 'Check the token or key in the HiDream API credential.';

const CHECK_BASE_URL = 'Check the Base URL in the HiDream API credential.';

const CHECK_THE_WAY = 'Check proxies, firewalls and the Base URL in the HiDream API credential.';

export const FIX_WEBHOOK_URL =
	'n8n cannot build its own URLs. Set the environment variable WEBHOOK_URL of n8n to its public address, including https://.';

const NOT_EXCHANGED = 'The API key could not be exchanged for a token';

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
function statusHint(status: number): string {
	if (status === 401) return CHECK_TOKEN;
	if (status === 403) return 'The account may not use video stylization. Check the credential and the account.';
	if (status === 404) return CHECK_BASE_URL;
	if (status === 413) return 'The video is too large for HiDream. Make it smaller, or use a URL.';
	if (status === 429) return 'HiDream is getting too many requests from this account. Try again later, or lower "Tasks per Minute".';
	if (status === 503) return 'HiDream is overloaded. Try again later.';
	return 'Check the parameters of this item.';
}

const BASE_URL_PROBLEMS: Readonly<Record<BaseUrlProblem, string>> = {
	notAUrl: 'it is not a URL; it should look like https://www.hidreamai.com',
	notHttps:
		'it must begin with https://, since the token is sent there (plain http only works for this machine itself, such as http://localhost)',
	hasLogin: 'it must not contain a user name or password',
	hasQuery: 'it must end with the host or path, without "?" or "#"',
};

/** Why the base URL cannot be used. */
export const baseUrlText = (problem: BaseUrlProblem): string =>
	`"Base URL" in the HiDream API credential cannot be used: ${BASE_URL_PROBLEMS[problem]}`;

/**
 * Why HiDream could not use `text` as a URL, as the end of a sentence about it; undefined when nothing speaks against it.
 * @param sameMachine the service runs on this machine, and reaches its loopback hosts
 */
export function unusableUrl(text: string, sameMachine: boolean): string | undefined {
	if (!URL.canParse(text)) return 'is not a URL';
	const { protocol, hostname } = new URL(text);
	if (protocol !== 'https:' && protocol !== 'http:') return 'does not begin with https:// or http://';
	return isReachableHost(hostname, sameMachine) ? undefined : `points to ${hostname}, which HiDream cannot reach from the internet`;
}

const CONNECT_CAUSES: Readonly<Record<ConnectCause, string>> = {
	refused: 'the host refuses connections',
	noSuchHost: 'there is no host of that name',
	lookupFailed: 'the name of the host could not be looked up',
	untrustedCertificate: "the host's certificate is not trusted",
	timedOut: 'the host did not answer in time',
	invalidCharacters: 'the address or the token has characters that cannot be sent',
	unreachable: 'the host cannot be reached from here',
	notTls: 'the host does not speak https',
	closedAtOnce: 'the host, or a firewall before it, closed the connection at once',
	ended: 'the host did not answer before the request was ended',
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
	silent: 'no answer came in time',
	bodyBroke: 'its answer broke off',
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
			return failure.cause === 'silent' ? 'nothing moved for a minute' : BREAK_CAUSES[failure.cause];
		case 'brokeAfter':
		case 'broken':
			return BREAK_CAUSES[failure.cause];
	}
}

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
function foreignMessage(status: number, body: BodyKind): string {
	if (status === 407) return 'A proxy between n8n and HiDream requires a login (HTTP 407)';
	if (isRedirect(status)) return `The Base URL redirects to another address (HTTP ${status})`;
	const isOpen = status >= 500 || (status === 401 && body !== 'webPage') || status === 413 || status === 429 || ['empty', 'broken', 'tooLong'].includes(body);
	return isOpen
		? `HiDream, or something between n8n and HiDream, answered with HTTP ${status} and ${BODIES[body]}`
		: `Something between n8n and HiDream answered instead of HiDream (HTTP ${status}, ${BODIES[body]})`;
}

/** What to do about it. */
function foreignHint(status: number, body: BodyKind): string {
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
const quote = ({ httpStatus, vendorMessage, vendorCode }: Said): string =>
	`${vendorMessage === undefined ? `HTTP ${httpStatus}` : `"${vendorMessage}"`}${vendorCode === undefined || isOk(vendorCode) ? '' : ` (code ${vendorCode})`}`;

/** A message and a hint, with what the response said. */
function withFacts({ httpStatus, vendorCode, vendorMessage, requestId, taskId }: Said, message: string, hint: string): ErrorInfo {
	return { message, hint, httpStatus, vendorCode, vendorMessage, requestId, taskId };
}

/**
 * A response that says no.
 * @param unknownHint what to do about a code that is not known
 */
function refusal(said: Said, what: string, unknownHint = statusHint(said.httpStatus)): ErrorInfo {
	const { httpStatus, vendorCode, body = 'empty' } = said;
	if (vendorCode === undefined) return withFacts(said, foreignMessage(httpStatus, body), foreignHint(httpStatus, body));
	const meaning = meaningOf(vendorCode);
	return withFacts(said, `${what}: ${quote(said)}`, meaning ? CODE_HINTS[meaning.says] : unknownHint);
}

const isBadToken = ({ httpStatus, vendorCode }: Said): boolean => httpStatus === 401 || meaningOf(vendorCode)?.badToken === true;

function accountRefusal(said: Said): ErrorInfo {
	const badToken = isBadToken(said);
	const what = badToken ? 'HiDream rejected the token' : 'HiDream does not accept videos at the moment';
	return refusal(said, what, badToken || said.httpStatus === 403 ? undefined : LATER);
}

function unclear(said: Said): ErrorInfo {
	const { httpStatus, vendorCode, body = 'empty' } = said;
	const what = vendorCode === undefined ? foreignMessage(httpStatus, body) : `HiDream answered with HTTP ${httpStatus}, ${quote(said)}`;
	return withFacts(said, `${what}. ${MAY_EXIST}`, LOOK_FIRST);
}

function proxyHint(status: number | undefined): string {
	if (status === undefined) return 'Check the Base URL in the HiDream API credential, and the network.';
	if (status === 407) return 'The proxy requires a login. Put its user name and password into the environment variable HTTPS_PROXY of n8n.';
	const check = 'Check the proxy that the environment variable HTTPS_PROXY of n8n names, or add the host of the Base URL to NO_PROXY.';
	return status === 403 ? `The proxy does not allow the host of the Base URL. ${check}` : check;
}

const MINUTE_MS = 60_000;

/** A duration in words, rounded up. */
const duration = (ms: number): string => (ms < 2 * MINUTE_MS ? `${Math.ceil(ms / 1_000)} seconds` : `${Math.ceil(ms / MINUTE_MS)} minutes`);

const backoffHint = (ms: number): string =>
	`HiDream takes requests of this account again in ${duration(ms)}. Run again then, or increase "Max Retry Time (Minutes)".`;

/** The item was not sent: another one was refused, and the account backs off for longer than this item's retry budget. */
function queuedTooLong(refused: ErrorInfo, waitMs: number): ErrorInfo {
	const { message, httpStatus, vendorCode, vendorMessage } = refused;
	return { message: `The video was not sent, because an earlier one was refused: ${message}`, hint: backoffHint(waitMs), httpStatus, vendorCode, vendorMessage };
}

const unrecorded = (why: string): ErrorInfo => ({
	message: `n8n could not record the "Idempotency Key", so the video was not sent: ${why}`,
	hint: 'Check the database of this n8n, then run again.',
});

/** A failed check of the account. No response: the words of a submit will do, but for the one that fears for a task. */
const accountUnanswered = (failure: TransportError): ErrorInfo =>
	failure.code === 'brokeAfter'
		? { message: `HiDream sent no readable response: ${failureText(failure)}`, hint: `${CHECK_BASE_URL} The default is https://www.hidreamai.com.` }
		: errorInfoOf(failure);

/** What a reason means for the user: what happened, what to do, and whether the next item would fare no better. */
export function errorInfoOf(reason: Reason): ErrorInfo {
	const errorInfo = describe(reason);
	return meetsEveryItem(reason) ? { ...errorInfo, scope: 'account' } : errorInfo;
}

function describe(reason: Reason): ErrorInfo {
	switch (reason.code) {
		// Responses.
		case 'refused':
			return refusal(reason, isBadToken(reason) ? 'HiDream refused the token' : 'HiDream refused the video');
		case 'refusedWithTask':
			return withFacts(reason, `HiDream answered ${quote(reason)}, yet named a task`, LOOK_FIRST);
		case 'noTaskId':
			return withFacts(reason, 'HiDream accepted the video but named no task', LOOK_FIRST);
		case 'unclearResponse':
			return unclear(reason);
		case 'statusRefused':
			return refusal(reason, 'HiDream did not return the status of the task', reason.httpStatus === 401 ? undefined : LATER);
		case 'accountRefused':
			return accountRefusal(reason);

		// No response.
		case 'noConnection':
			return { message: `No connection to HiDream: ${failureText(reason)}`, hint: proxyHint(reason.proxyStatus) };
		case 'noToken':
			return { message: failureText(reason), hint: 'Check the API key and the Base URL in the HiDream API credential.' };
		case 'notSent':
		case 'cancelled':
			return { message: failureText(reason), hint: "Check the credential, and n8n's own rules for outgoing requests." };
		case 'unreadable':
			return { message: failureText(reason), hint: 'Check the node before this one, and run again.' };
		case 'brokeBefore':
			return {
				message: `The upload broke off: ${failureText(reason)}. HiDream did not receive the whole video, so no task was created`,
				hint: 'Run again, or switch on "Retry On Fail" in the node\'s settings: nothing is sent twice. If it happens again, the video may be too large for HiDream.',
			};
		case 'brokeAfter':
			return {
				message: `HiDream received the whole request but did not respond: ${failureText(reason)}. ${MAY_EXIST}`,
				hint: LOOK_FIRST,
			};
		case 'statusUnanswered':
			return { message: `The status of the task could not be queried: ${failureText(reason.failure)}`, hint: LATER };
		case 'accountUnanswered':
			return accountUnanswered(reason.failure);

		// The node itself.
		case 'invalidInput':
			return { message: reason.message, hint: reason.hint };
		case 'keyNotRecorded':
			return unrecorded(reason.detail);
		case 'keyTimeout':
			return unrecorded(`its database did not respond for ${reason.timeoutMs / 1_000} s`);
		case 'keyUnresolved':
			return {
				message: `An earlier request with this "Idempotency Key" had no clear response, or is still being sent. ${MAY_EXIST}`,
				hint: `Wait until no other execution sends this video. ${LOOK_FIRST} If there is no task, use another key, or set "On Unclear Response" to Submit Again.`,
			};
		case 'interrupted':
			return { message: `An earlier attempt was interrupted while sending this item. ${MAY_EXIST}`, hint: LOOK_FIRST };
		case 'nodeFailed':
			return { message: `The node failed while it sent the video: ${reason.detail}. The task may exist`, hint: LOOK_FIRST };
		case 'refusedTooLong': {
			const refused = errorInfoOf(reason.refusal);
			return { ...refused, hint: `${refused.hint} ${backoffHint(reason.waitMs)}` };
		}
		case 'queuedTooLong':
			return queuedTooLong(errorInfoOf(reason.refusal), reason.waitMs);
	}
}

/** Why an API key gave no token, in whole sentences. */
export function exchangeText(reason: ExchangeReason): string {
	if (reason.code === 'keyUnanswered') {
		return `${NOT_EXCHANGED}: no connection to HiDream: ${failureText(reason.failure)}. Check the Base URL and the network`;
	}
	const { temporary, httpStatus, vendorCode, vendorMessage, body = 'empty' } = reason;
	if (vendorCode === undefined) return `${NOT_EXCHANGED}: ${foreignMessage(httpStatus, body)}. ${foreignHint(httpStatus, body)}`;
	const said = `HTTP ${httpStatus}, code ${vendorCode}${vendorMessage === undefined ? '' : `, "${vendorMessage}"`}`;
	if (temporary) return `${NOT_EXCHANGED}: HiDream failed (${said}). ${LATER}`;
	const meaning = meaningOf(vendorCode);
	const hint = meaning ? CODE_HINTS[meaning.says] : 'Check the API Key, or make a new one in your HiDream account.';
	return `HiDream refused the API key (${said}). ${hint}`;
}

/** Why HiDream does not take an access token, in whole sentences. */
export function tokenText(reason: AccountReason): string {
	if (reason.code === 'accountUnanswered') return `No connection to the Base URL: ${failureText(reason.failure)}. Check the Base URL and the network`;
	const { message, hint } = errorInfoOf(reason);
	return `${message}. ${hint}`;
}

/** What the test of the credential says when all that is known is a status or a code. */
export const CREDENTIAL_TEST = {
	badToken:
		'The token was rejected. Check it, or make a new one in your HiDream account. If it is right, check proxies and firewalls between n8n and HiDream.',
	forbidden:
		'HiDream, or something between n8n and HiDream, refused the request (HTTP 403). Check the account, proxies, firewalls and the Base URL.',
	notHiDream:
		'Something between n8n and HiDream answered instead of HiDream. Check proxies, firewalls and the Base URL; the default is https://www.hidreamai.com.',
};
