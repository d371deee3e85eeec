import type { BreakCause, ConnectCause, HttpFailure, TransportError } from '../../hidream/http';

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
	idle: 'no answer came in time',
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
			return failure.cause === 'idle' ? 'nothing moved for a minute' : BREAK_CAUSES[failure.cause];
		case 'brokeAfter':
		case 'broken':
			return BREAK_CAUSES[failure.cause];
	}
}
