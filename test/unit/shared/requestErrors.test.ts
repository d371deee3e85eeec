/** What an error on the wire means for the task. */
import { NodeApiError } from 'n8n-workflow';
import type { INode, JsonObject } from 'n8n-workflow';
import { toTransportError } from '../../../nodes/hidream/http';
import { failureText } from '../../../nodes/shared/messages/aboutResponses';
import { failureOf, httpError, NoToken } from '../../../nodes/shared/requestErrors';
import { clientRequest } from '../support/httpRequests';
import { strictDouble } from '../support/strictDouble';

interface Wire {
	code?: string;
	syscall?: string;
	message?: string;
	cause?: Error;
}

/** An error of the HTTP client, wrapped like in n8n; it keeps the socket's error as its cause. */
function wireError({ code, syscall, message = 'it failed', cause }: Wire): Error {
	const socket = cause ? Object.assign(cause, { code }) : Object.assign(new Error(message), { code, syscall });
	const client = Object.assign(new Error(message, { cause: socket }), { code, isAxiosError: true });
	return new Error('The request failed', { cause: client });
}

/** What an error means for the task, and its message. */
function sort(error: unknown, upload: Partial<Parameters<typeof toTransportError>[1]> = {}) {
	const failure = toTransportError(httpError(error), { handedOver: true, unreadable: undefined, idle: false, ...upload });
	return { code: failure.code, words: failureText(failure) };
}

describe('no connection: certainly no task, whatever the upload sent', () => {
	test.each<Wire>([
		{ code: 'ECONNREFUSED', syscall: 'connect' },
		{ code: 'ENOTFOUND', syscall: 'getaddrinfo' },
		{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' },
		{ code: 'EHOSTUNREACH', syscall: 'connect' },
		{ code: 'ENETUNREACH', syscall: 'connect' },
		{ code: 'EADDRNOTAVAIL', syscall: 'connect' },
		{ code: 'ETIMEDOUT', syscall: 'connect' },
		{ code: 'CERT_HAS_EXPIRED' },
		{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
		{ code: 'SELF_SIGNED_CERT_IN_CHAIN' },
		{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
		{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
		{ code: 'UND_ERR_CONNECT_TIMEOUT' },
		{ code: 'ECONNRESET', syscall: 'connect' },
		{ message: 'Proxy connection ended before receiving CONNECT response' },
		{ message: 'Proxy response (407) !== 200 when HTTP Tunneling', code: 'UND_ERR_ABORTED' },
		{ message: 'tunneling socket could not be established, statusCode=502' },
		{ code: 'ERR_INVALID_URL' },
		{ code: 'ERR_INVALID_CHAR' },
		{ code: 'ECONNRESET', message: 'Client network socket disconnected before secure TLS connection was established' },
	])('%j', (wire) => {
		const failure = sort(wireError(wire));
		expect(failure.code).toBe('noConnection');
		expect(failure.words).toBe(failureText(failureOf(wireError(wire))));
		expect(failure.words).not.toContain(wire.code ?? 'no code');
	});
});

/** All of these also occur on an established connection, when the service may have received the whole request. */
const ON_A_STANDING_CONNECTION: Wire[] = [
	{ code: 'ECONNRESET', syscall: 'read' },
	{ code: 'EPIPE', syscall: 'write' },
	{ code: 'ETIMEDOUT', syscall: 'read' },
	{ code: 'ECONNABORTED' },
	{ code: 'ERR_CANCELED' },
	{ code: 'ERR_BAD_RESPONSE' },
	{ code: 'HPE_INVALID_CONSTANT' },
	{ code: 'EHOSTUNREACH', syscall: 'read' },
	{ code: 'ENETUNREACH', syscall: 'write' },
	{ code: 'ENETDOWN', syscall: 'read' },
	{ code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' },
	{ code: 'ERR_SSL_BAD_RECORD_TYPE' },
	// A device in between may write into an established connection.
	{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
	{ code: 'EPROTO', syscall: 'write' },
	// TLS 1.3: arrives after the client has sent its first bytes.
	{ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
	{ code: 'ECONNREFUSED', syscall: 'read' },
	{ code: 'UND_ERR_SOCKET' },
	{ code: 'UND_ERR_HEADERS_TIMEOUT' },
	{ code: 'UND_ERR_BODY_TIMEOUT' },
	{},
];

test.each(ON_A_STANDING_CONNECTION)('a connection that breaks after the last byte: %j', (wire) => {
	expect(sort(wireError(wire), { handedOver: true }).code).toBe('brokeAfter');
	expect(failureOf(wireError(wire)).code).toBe('broken');
});

test.each(ON_A_STANDING_CONNECTION)('a connection that breaks before the last byte is a refusal: %j', (wire) => {
	expect(['brokeBefore', 'noConnection']).toContain(sort(wireError(wire), { handedOver: false }).code);
});

test.each([
	['ECONNRESET', 'the connection was reset'],
	['EPIPE', 'the connection was closed'],
	['ETIMEDOUT', 'the connection timed out'],
	['ECONNABORTED', 'the connection was aborted'],
	['ERR_CANCELED', 'the execution was cancelled'],
	['EOTHER', 'the connection broke'],
])('%s has a message', (code, reason) => {
	expect(sort(wireError({ code })).words).toBe(reason);
});

describe('a host with several addresses, all unreachable', () => {
	const each = (...sockets: Wire[]) => {
		const all = new AggregateError(sockets.map(({ code, syscall, message }) => Object.assign(new Error(message), { code, syscall })));
		return wireError({ code: sockets[0]?.code, cause: all });
	};

	test('certainly no task', () => {
		const error = each({ code: 'ETIMEDOUT', syscall: 'connect' }, { code: 'ENETUNREACH', syscall: 'connect' });
		expect(sort(error)).toEqual({ code: 'noConnection', words: 'the host did not respond in time' });
	});

	test('uncertain if one of them was connected', () => {
		expect(sort(each({ code: 'ETIMEDOUT', syscall: 'connect' }, { code: 'ETIMEDOUT', syscall: 'read' }))).toHaveProperty('code', 'brokeAfter');
	});
});

test('an idle timeout is reported as one, whatever the error', () => {
	const failure = sort(wireError({ code: 'ERR_CANCELED' }), { idle: true });
	expect(failure).toEqual({ code: 'brokeAfter', words: 'no response in time' });
	expect(sort(wireError({ code: 'ERR_CANCELED' }), { idle: true, handedOver: false })).toEqual({ code: 'brokeBefore', words: 'no data was transferred for a minute' });
});

test('reports a video that could not be read', () => {
	const failure = sort(wireError({ code: 'ECONNRESET' }), { handedOver: false, unreadable: 'the file is gone' });
	expect(failure).toEqual({ code: 'unreadable', words: 'the file is gone' });
});

test.each([true, false])("the key was not exchanged, in n8n's own error (temporary: %s)", (temporary) => {
	const node = strictDouble<INode>('node', { name: 'HiDream' });
	// n8n replaces a message in which it finds the name of a common error.
	const error = new NodeApiError(node, new NoToken('ECONNREFUSED: the host refuses connections', temporary) as unknown as JsonObject);
	expect(failureOf(error)).toEqual({ code: 'noToken', detail: 'ECONNREFUSED: the host refuses connections', temporary });
	expect(sort(error)).toEqual({ code: 'noToken', words: 'ECONNREFUSED: the host refuses connections' });
});

test.each(['SsrfBlockedIpError', 'SsrfBlockedHostnameError'])("n8n's SSRF protection (%s) sent nothing", (name) => {
	const blocked = Object.assign(new Error('The request was blocked'), { name });
	expect(sort(new Error('outer', { cause: blocked }))).toEqual({ code: 'notSent', words: 'n8n did not send the request: The request was blocked' });
});

test('an error that only has the name of a refusal may come after the request', () => {
	expect(sort(Object.assign(new Error('odd'), { name: 'NotSent' })).code).toBe('brokeAfter');
});

test.each([
	undefined, null, 'ECONNREFUSED', 7, {}, [],
	new TypeError('fetch failed', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) }),
	Object.assign(new Error('Timeout awaiting request'), { name: 'TimeoutError', code: 'ETIMEDOUT', event: 'request' }),
	new Error('Blocked'),
])('an unknown error is uncertain once the body was handed over: %p', (thrown) => {
	expect(sort(thrown).code).toBe('brokeAfter');
	expect(sort(thrown, { handedOver: false }).code).toBe('brokeBefore');
});

describe('connection state of the request', () => {
	const reset = (socket: object | null, code = 'ECONNRESET') => {
		const cause = Object.assign(new Error('it failed'), { code, syscall: 'read' });
		return new Error('n8n', { cause: Object.assign(new Error('axios', { cause }), { code, request: clientRequest(socket) }) });
	};

	test.each([
		['the proxy opened no tunnel', null, 'ECONNRESET', 'the proxy opened no connection: the proxy, or a firewall before it, closed the connection immediately'],
		['the proxy is not there', null, 'ECONNREFUSED', 'the proxy opened no connection: the proxy refuses connections'],
		['the proxy is silent', null, 'ERR_CANCELED', 'the proxy opened no connection: the proxy did not respond before the request was ended'],
		['the proxy sends an invalid response', { bytesWritten: 0 }, 'HPE_INVALID_CONSTANT', 'the proxy opened no connection'],
		['the handshake was reset', { encrypted: true, secureConnecting: true }, 'ECONNRESET', 'the host, or a firewall before it, closed the connection immediately'],
		['the host speaks no https', { encrypted: true, secureConnecting: true }, 'EPROTO', 'the host does not support https'],
		['the handshake failed', { encrypted: true, secureConnecting: true }, 'EOTHER', 'no encrypted connection could be made'],
	])('%s: nothing was sent', (_, socket, code, words) => {
		expect(sort(reset(socket, code))).toEqual({ code: 'noConnection', words });
	});

	test.each(['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'ECONNRESET'])('connected: no code says otherwise (%s)', (code) => {
		const request = clientRequest({ encrypted: true, secureConnecting: false });
		expect(sort(new Error('n8n', { cause: Object.assign(new Error('axios'), { code, request }) })).code).toBe('brokeAfter');
	});

	test('a socket that took bytes without TLS proves nothing', () => {
		expect(sort(reset({ bytesWritten: 7 })).code).toBe('brokeAfter');
	});
});

test('ends on a circular chain of causes', () => {
	const error: Error & { cause?: unknown; isAxiosError?: boolean } = new Error('a circular cause');
	error.cause = error;
	error.isAxiosError = true;
	expect(sort(error).code).toBe('brokeAfter');
});
