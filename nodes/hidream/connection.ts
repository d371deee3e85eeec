import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

/**
 * How far the connection of a request came, read from the request itself: the HTTP client keeps it in its errors.
 * An error code alone does not tell, since a reset looks the same before, during and after the TLS handshake.
 */

/** Where a connection ended that was never made: at the proxy, before it opened a tunnel, or in the TLS handshake. */
export type Unconnected = 'proxy' | 'handshake';

interface Wire {
	protocol?: unknown;
	socket?: { encrypted?: unknown; secureConnecting?: unknown; bytesWritten?: unknown } | null;
}

/** A value as an object whose fields can be looked at. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/**
 * How far the connection came, or undefined if the request does not tell. `request` is a ClientRequest of Node.js; n8n gives
 * it a socket only when the proxy, if there is one, has opened the tunnel.
 */
export function connectionOf(request: unknown): Unconnected | 'connected' | undefined {
	if (fieldsOf(request).constructor?.name !== 'ClientRequest') return undefined;
	const { protocol, socket } = request as Wire;
	// Plain http goes to this machine only.
	if (protocol !== 'https:') return undefined;
	if (socket === null) return 'proxy';
	if (socket === undefined) return undefined;
	if (socket.encrypted === true) return socket.secureConnecting === true ? 'handshake' : 'connected';
	// n8n's proxy agent reads the proxy's refusal from a socket that nothing can be written to.
	return socket.bytesWritten === 0 ? 'proxy' : undefined;
}

/** The proxy answered instead of HiDream: nothing was sent. */
export class ProxyRefusal extends Error {
	constructor(readonly status: number) {
		super(`The proxy refused the connection (HTTP ${status})`);
	}
}

/** n8n failed before its HTTP client took the body. */
export class NotSent extends Error {
	override readonly name = 'NotSent';
}

const OK = 200;
const UNAUTHORIZED = 401;

/**
 * Which statuses n8n throws: with the error comes the request, which tells who answered. Not 401, after which n8n would
 * send the request again by itself. n8n 1.x throws none.
 */
export const THROWN_STATUSES: IHttpRequestOptions['ignoreHttpStatusErrors'] = {
	ignore: true,
	except: Array.from({ length: 400 }, (_, n) => OK + n).filter((status) => status !== OK && status !== UNAUTHORIZED),
};

/**
 * The response that n8n threw because of its status.
 * @throws the error itself if it has no response; ProxyRefusal if the proxy gave it
 */
export function thrownResponse(error: unknown): IN8nHttpFullResponse {
	const { request, response } = [error, fieldsOf(error).cause].map(fieldsOf).find((link) => link.response) ?? {};
	const { status, headers, data } = fieldsOf(response);
	if (typeof status !== 'number' || data === undefined) throw error;
	if (connectionOf(request) === 'proxy') throw new ProxyRefusal(status);
	return { statusCode: status, headers: fieldsOf(headers), body: data } as IN8nHttpFullResponse;
}
