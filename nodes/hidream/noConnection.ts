import { chainOf, firstOf } from './errorChain';
import type { Link } from './errorChain';

/** Codes that exist only before a connection is made, by the words for them. */
const NO_CONNECTION: ReadonlyArray<readonly [RegExp, string]> = [
	[/^ECONNREFUSED$/, 'the host refuses connections'],
	[/^ENOTFOUND$/, 'there is no host of that name'],
	[/^EAI_/, 'the name of the host could not be looked up'],
	[
		/^(UNABLE_TO_|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|(INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$)/,
		"the host's certificate is not trusted",
	],
	[/^(UND_ERR_CONNECT_TIMEOUT|ERR_TLS_HANDSHAKE_TIMEOUT)$/, 'the host did not answer in time'],
	[/^ERR_INVALID_(URL|CHAR)$/, 'the address or the token has characters that cannot be sent'],
];

/** Words for codes that also come up on a connection that was made: used only when it is known that none was. */
const UNCONNECTED: ReadonlyArray<readonly [RegExp, string]> = [
	[/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/, 'the host cannot be reached from here'],
	[/^ETIMEDOUT$/, 'the host did not answer in time'],
	[/^(EPROTO$|ERR_SSL_)/, 'the host does not speak https'],
	[/^ECONNRESET$/, 'the host, or a firewall before it, closed the connection at once'],
	[/^ERR_CANCELED$/, 'the host did not answer before the request was ended'],
];

/** A proxy that opens no tunnel, in the words of https-proxy-agent (n8n's), undici and tunnel-agent. */
const NO_TUNNEL = /(receiving|from proxy) CONNECT response|when HTTP Tunneling|^tunneling socket could not be established/;

/** What Node.js says of a TLS handshake that the other side ended. */
const NO_HANDSHAKE = /before secure TLS connection was established/;

/** System calls that come before a connection is made. */
const CONNECTING = /^(connect|getaddrinfo|bind)$/;

/** Codes that exist only on a connection that was made. */
const CONNECTED = /^(EPIPE|HPE_.*|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

const wordsIn = (table: typeof NO_CONNECTION, { code }: Link): string | undefined => table.find(([pattern]) => pattern.test(code))?.[1];

/** What a link alone says for certain; words for why there was no connection. */
function certainReason(link: Link): string | undefined {
	const { message, syscall } = link;
	const words = wordsIn(NO_CONNECTION, link);
	if (words !== undefined) return words;
	if (NO_TUNNEL.test(message)) return 'the proxy closed the connection';
	if (NO_HANDSHAKE.test(message)) return 'the host, or a firewall before it, closed the connection at once';
	return CONNECTING.test(syscall) ? (wordsIn(UNCONNECTED, link) ?? 'the connection could not be made') : undefined;
}

/**
 * Words for an error that came before a connection was made; undefined if one may have been made. It needs a positive
 * mark: what the request says of its connection, or a code, system call or message that exists only before.
 */
export function noConnectionReason(error: unknown, seen = new Set<unknown>()): string | undefined {
	if (seen.has(error)) return undefined;
	seen.add(error);
	const chain = chainOf(error);
	const refusal = firstOf(chain, ({ proxyStatus }) => proxyStatus);
	if (refusal !== undefined) return `the proxy refused the connection (HTTP ${refusal})`;
	if (chain.some(({ connection }) => connection === 'connected')) return undefined;
	const ended = firstOf(chain, ({ connection }) => connection);
	const why = firstOf(chain, (link) => wordsIn(NO_CONNECTION, link)) ?? firstOf(chain, (link) => wordsIn(UNCONNECTED, link));
	if (ended === 'handshake') return why ?? 'no encrypted connection could be made';
	if (ended === 'proxy') return `the proxy opened no connection${why === undefined ? '' : `: ${why.replace('the host', 'the proxy')}`}`;
	if (chain.some(({ code, syscall }) => CONNECTED.test(code) || (syscall !== '' && !CONNECTING.test(syscall)))) return undefined;
	const each = chain.flatMap(({ errors }) => errors).map((inner) => noConnectionReason(inner, seen));
	if (each.includes(undefined)) return undefined;
	return each[0] ?? firstOf(chain, certainReason);
}
