import { UserError } from 'n8n-workflow';
import { HttpError, type BreakCause, type ConnectCause, type HttpFailure } from '../hidream/http';

/**
 * Reads what the errors of HTTP clients (n8n's, undici) tell about the connection, through all their causes: whether one
 * was made decides about money. Only a positive sign shows that none was made: the state of the request's socket, or a
 * code, system call or message that exists only before a connection.
 */

/** Where a connection ended that was never made: at the proxy, before it opened a tunnel, or in the TLS handshake. */
type Unconnected = 'proxy' | 'handshake';

/** The fields of a value; none if it is not an object. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/**
 * How far the connection of a request came, read from the request itself, since the HTTP client keeps it in its errors: a
 * reset looks the same before, during and after the TLS handshake. Undefined if the request does not tell. `request` is a
 * ClientRequest of Node.js; n8n gives it a socket only when the proxy, if there is one, has opened the tunnel.
 */
export function wireOf(request: unknown): Unconnected | 'connected' | undefined {
	if (fieldsOf(request).constructor?.name !== 'ClientRequest') return undefined;
	const { protocol, socket } = fieldsOf(request);
	const { encrypted, secureConnecting, bytesWritten } = fieldsOf(socket);
	// Plain http goes to this machine only.
	if (protocol !== 'https:') return undefined;
	if (socket === null) return 'proxy';
	if (socket === undefined) return undefined;
	if (encrypted === true) return secureConnecting === true ? 'handshake' : 'connected';
	// n8n's proxy agent reads the proxy's refusal from a socket that nothing can be written to.
	return bytesWritten === 0 ? 'proxy' : undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The API key was not exchanged for a token. n8n passes it on as the cause of its own error. */
export class NoToken extends UserError {
	override readonly name = 'NoToken';

	/** @param temporary worth another attempt */
	constructor(message: string, readonly temporary: boolean) {
		super(message);
	}
}

/** The parts of an error that tell what happened on the wire; n8n wraps the HTTP client's error in its own. */
function readLink(error: unknown) {
	const { name, message, code, syscall, cause, errors, request } = fieldsOf(error);
	return {
		name: textOf(name),
		message: textOf(message),
		code: textOf(code),
		syscall: textOf(syscall),
		cause,
		/** One error for each address of a host that has several. */
		errors: Array.isArray(errors) ? [...(errors as unknown[])] : [],
		connection: wireOf(request),
		noToken: error instanceof NoToken ? error : undefined,
	};
}

type Link = ReturnType<typeof readLink>;

/** Never throws, whatever was thrown: an error that cannot be read has empty parts. */
function linkOf(error: unknown): Link {
	try {
		return readLink(error);
	} catch {
		return readLink(undefined);
	}
}

const MAX_LINKS = 32;

/** An error and its causes, the outer one first. Never throws. */
function chainOf(error: unknown): Link[] {
	const chain: Link[] = [];
	for (let next = error; next !== undefined && chain.length < MAX_LINKS; next = chain.at(-1)?.cause) chain.push(linkOf(next));
	return chain;
}

/** The first thing that `find` finds. */
const firstOf = <T>(links: Link[], find: (link: Link) => T | undefined): T | undefined =>
	links.map(find).find((found) => found !== undefined);

type Table = ReadonlyArray<readonly [RegExp, ConnectCause]>;

/** Codes that exist only before a connection is made. */
const NO_CONNECTION: Table = [
	[/^ECONNREFUSED$/, 'refused'],
	[/^ENOTFOUND$/, 'noSuchHost'],
	[/^EAI_/, 'lookupFailed'],
	[/^(UNABLE_TO_|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|(INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$)/, 'untrustedCertificate'],
	[/^(UND_ERR_CONNECT_TIMEOUT|ERR_TLS_HANDSHAKE_TIMEOUT)$/, 'timedOut'],
	[/^ERR_INVALID_(URL|CHAR)$/, 'invalidCharacters'],
];

/** Codes that also come up on a connection that was made: used only when it is known that none was. */
const UNCONNECTED: Table = [
	[/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/, 'unreachable'],
	[/^ETIMEDOUT$/, 'timedOut'],
	[/^(EPROTO$|ERR_SSL_)/, 'notTls'],
	[/^ECONNRESET$/, 'closedImmediately'],
	[/^ERR_CANCELED$/, 'ended'],
];

/** A proxy that opens no tunnel, in the words of https-proxy-agent (n8n's), undici and tunnel-agent. */
const NO_TUNNEL = /(receiving|from proxy) CONNECT response|when HTTP Tunneling|^tunneling socket could not be established/;

/** What Node.js says of a TLS handshake that the other side ended. */
const NO_HANDSHAKE = /before secure TLS connection was established/;

/** System calls that come before a connection is made. */
const CONNECTING = /^(connect|getaddrinfo|bind)$/;

/** Codes that exist only on a connection that was made. */
const CONNECTED = /^(EPIPE|HPE_.*|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

const causeIn = (table: Table, { code }: Link): ConnectCause | undefined => table.find(([pattern]) => pattern.test(code))?.[1];

/** What a link alone says for certain about why there was no connection. */
function certainCause(link: Link): ConnectCause | undefined {
	const { message, syscall } = link;
	const cause = causeIn(NO_CONNECTION, link);
	if (cause !== undefined) return cause;
	if (NO_TUNNEL.test(message)) return 'proxyClosed';
	if (NO_HANDSHAKE.test(message)) return 'closedImmediately';
	return CONNECTING.test(syscall) ? (causeIn(UNCONNECTED, link) ?? 'unknown') : undefined;
}

type NoConnection = Extract<HttpFailure, { code: 'noConnection' }>;

const noConnection = (cause: ConnectCause): NoConnection => ({ code: 'noConnection', cause });

/** Why an error came before a connection was made; undefined if one may have been made. */
function noConnectionOf(error: unknown, seen: Set<unknown>): NoConnection | undefined {
	if (seen.has(error)) return undefined;
	seen.add(error);
	const chain = chainOf(error);
	if (chain.some(({ connection }) => connection === 'connected')) return undefined;
	const ended = firstOf(chain, ({ connection }) => connection);
	const cause = firstOf(chain, (link) => causeIn(NO_CONNECTION, link)) ?? firstOf(chain, (link) => causeIn(UNCONNECTED, link));
	if (ended === 'handshake') return noConnection(cause ?? 'tlsFailed');
	if (ended === 'proxy') return { ...noConnection(cause ?? 'unknown'), atProxy: true };
	if (chain.some(({ code, syscall }) => CONNECTED.test(code) || (syscall !== '' && !CONNECTING.test(syscall)))) return undefined;
	const each = chain.flatMap(({ errors }) => errors).map((inner) => noConnectionOf(inner, seen));
	if (each.includes(undefined)) return undefined;
	const certain = firstOf(chain, certainCause);
	return each[0] ?? (certain && noConnection(certain));
}

/** What breaks a connection that was made, by its code. */
const BROKEN: Readonly<Record<string, BreakCause>> = {
	ECONNRESET: 'reset',
	EPIPE: 'closed',
	ETIMEDOUT: 'timedOut',
	ECONNABORTED: 'aborted',
	ERR_CANCELED: 'cancelled',
};

/** The errors of n8n's SSRF protection, which come before a connection is made. */
const SSRF_BLOCKED = /^SsrfBlocked(Ip|Hostname)Error$/;

const MAX_DETAIL = 500;

/**
 * What the error of an HTTP client says about its request. Never throws, whatever was thrown.
 * @param isUnsent the client failed before it took the body
 */
export function failureOf(error: unknown, isUnsent = false): HttpFailure {
	const chain = chainOf(error);
	const noToken = firstOf(chain, (link) => link.noToken);
	if (noToken) return { code: 'noToken', detail: noToken.message, temporary: noToken.temporary };
	if (isUnsent || chain.some(({ name }) => SSRF_BLOCKED.test(name))) {
		return { code: 'notSent', detail: [...chain].reverse().find(({ message }) => message !== '')?.message.slice(0, MAX_DETAIL) };
	}
	const unconnected = noConnectionOf(error, new Set());
	if (unconnected) return unconnected;
	const code = firstOf(chain, (link) => (Object.hasOwn(BROKEN, link.code) ? link.code : undefined));
	return { code: 'broken', cause: (code !== undefined && BROKEN[code]) || 'unknown' };
}

/** The error of an HTTP client as an `HttpClient` throws it. */
export const httpError = (error: unknown, isUnsent?: boolean): HttpError => new HttpError(failureOf(error, isUnsent), { cause: error });
