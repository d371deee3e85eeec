import { chainOf, firstOf } from './errorChain';
import { NO_TOKEN, NO_TOKEN_UNREACHABLE } from './exchange';
import { noConnectionReason } from './noConnection';

/** Why a request got no answer, by what it means for the task. */
export type TransportError =
	/** No connection was made, so nothing was sent. `proxyStatus`: what the proxy answered instead. */
	| { kind: 'noConnection'; reason: string; proxyStatus?: number }
	/** n8n itself did not send the request. */
	| { kind: 'notSent'; reason: string }
	/** The API key was not exchanged for a token: nothing was sent. */
	| { kind: 'noToken'; reason: string; unreachable: boolean }
	/** The video could not be read to its end here: it was not sent whole. */
	| { kind: 'unreadable'; reason: string }
	/** The connection broke, or fell silent, before the last byte was handed over. */
	| { kind: 'brokeBefore'; reason: string }
	/** … after the last byte was handed over. */
	| { kind: 'brokeAfter'; reason: string };

/** Words for what breaks a connection that was made. n8n replaces messages with code names in them, so none is named. */
const BROKEN: Readonly<Record<string, string>> = {
	ECONNRESET: 'the connection was reset',
	EPIPE: 'the connection was closed',
	ETIMEDOUT: 'the connection timed out',
	ECONNABORTED: 'the connection was aborted',
	ERR_CANCELED: 'the execution was cancelled',
};

/** The errors of n8n's SSRF protection, which come before a connection is made. */
const BLOCKED = /^SsrfBlocked(Ip|Hostname)Error$/;

/**
 * Sorts the error of a request by what it means for the task. Never throws.
 * @param upload how far the body had come, and why reading it failed, if it did
 */
export function toTransportError(error: unknown, upload: { handedOver: boolean; unreadable?: string; silent: boolean }): TransportError {
	const chain = chainOf(error);
	const noToken = chain.find(({ message }) => message.startsWith(NO_TOKEN))?.message;
	if (noToken !== undefined) {
		return { kind: 'noToken', reason: noToken, unreachable: noToken.startsWith(NO_TOKEN_UNREACHABLE) };
	}
	if (upload.unreadable !== undefined) return { kind: 'unreadable', reason: upload.unreadable };
	const said = [...chain].reverse().find(({ message }) => message !== '')?.message.slice(0, 500);
	const blocked = chain.find(({ name, notSent }) => notSent || BLOCKED.test(name));
	if (blocked) return { kind: 'notSent', reason: `n8n did not send the request: ${said ?? 'no reason given'}` };
	const noConnection = noConnectionReason(error);
	if (noConnection !== undefined) {
		return { kind: 'noConnection', reason: noConnection, proxyStatus: firstOf(chain, ({ proxyStatus }) => proxyStatus) };
	}
	const code = firstOf(chain, (link) => (Object.hasOwn(BROKEN, link.code) ? link.code : undefined));
	const reason = upload.silent
		? upload.handedOver
			? 'no answer came in time'
			: 'nothing moved for a minute'
		: ((code !== undefined && BROKEN[code]) || 'the connection broke');
	return { kind: upload.handedOver ? 'brokeAfter' : 'brokeBefore', reason };
}
