/** What an error on the wire means for the task. */
import { NO_TOKEN, NO_TOKEN_UNREACHABLE } from '../../../nodes/hidream/exchange';
import { failureOf, noConnectionReason } from '../../../nodes/hidream/failure';

interface Wire {
	code?: string;
	syscall?: string;
	message?: string;
	cause?: Error;
}

/** An error of the HTTP client, wrapped as n8n does; it keeps the socket's error as its cause. */
function wireError({ code, syscall, message = 'it failed', cause }: Wire): Error {
	const socket = cause ? Object.assign(cause, { code }) : Object.assign(new Error(message), { code, syscall });
	const client = Object.assign(new Error(message, { cause: socket }), { code, isAxiosError: true });
	return new Error('The request failed', { cause: client });
}

const sort = (error: unknown, upload: Partial<Parameters<typeof failureOf>[1]> = {}) =>
	failureOf(error, { handedOver: true, unreadable: undefined, silent: false, ...upload });

describe('no connection came about: surely no task, wherever the upload stands', () => {
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
		{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
		{ code: 'ERR_INVALID_URL' },
		{ code: 'ERR_INVALID_CHAR' },
		{ code: 'ECONNRESET', message: 'Client network socket disconnected before secure TLS connection was established' },
	])('%j', (wire) => {
		const failure = sort(wireError(wire));
		expect(failure.kind).toBe('noConnection');
		expect(failure.reason).toBe(noConnectionReason(wireError(wire)));
		expect(failure.reason).not.toContain(wire.code);
	});
});

/** All of these also come on a connection that stood, when the service may have got the whole request. */
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
	{},
];

test.each(ON_A_STANDING_CONNECTION)('a break after the last byte: %j', (wire) => {
	expect(sort(wireError(wire), { handedOver: true }).kind).toBe('brokeAfter');
	expect(noConnectionReason(wireError(wire))).toBeUndefined();
});

test.each(ON_A_STANDING_CONNECTION)('a break before the last byte is a refusal: %j', (wire) => {
	expect(['brokeBefore', 'noConnection']).toContain(sort(wireError(wire), { handedOver: false }).kind);
});

test.each([
	['ECONNRESET', 'the connection was reset'],
	['EPIPE', 'the connection was closed'],
	['ETIMEDOUT', 'the connection timed out'],
	['ECONNABORTED', 'the connection was aborted'],
	['ERR_CANCELED', 'the execution was cancelled'],
	['EOTHER', 'the connection broke'],
])('%s in words', (code, reason) => {
	expect(sort(wireError({ code })).reason).toBe(reason);
});

describe('a host with several addresses, of which none could be reached', () => {
	const each = (...sockets: Wire[]) => {
		const all = new AggregateError(sockets.map(({ code, syscall, message }) => Object.assign(new Error(message), { code, syscall })));
		return wireError({ code: sockets[0]?.code, cause: all });
	};

	test('surely no task', () => {
		const error = each({ code: 'ETIMEDOUT', syscall: 'connect' }, { code: 'ENETUNREACH', syscall: 'connect' });
		expect(sort(error)).toEqual({ kind: 'noConnection', reason: 'the host did not answer in time' });
	});

	test('but one of them may have stood', () => {
		expect(sort(each({ code: 'ETIMEDOUT', syscall: 'connect' }, { code: 'ETIMEDOUT', syscall: 'read' }))).toHaveProperty('kind', 'brokeAfter');
	});
});

test('silence says so, whatever the error', () => {
	const failure = sort(wireError({ code: 'ERR_CANCELED' }), { silent: true });
	expect(failure).toEqual({ kind: 'brokeAfter', reason: 'no answer came in time' });
	expect(sort(wireError({ code: 'ERR_CANCELED' }), { silent: true, handedOver: false })).toEqual({ kind: 'brokeBefore', reason: 'nothing moved for a minute' });
});

test('a video that could not be read', () => {
	const failure = sort(wireError({ code: 'ECONNRESET' }), { handedOver: false, unreadable: 'the file is gone' });
	expect(failure).toEqual({ kind: 'unreadable', reason: 'the file is gone' });
});

test.each([
	[`${NO_TOKEN}: HiDream refused the key`, false],
	[`${NO_TOKEN_UNREACHABLE}: the host refuses connections`, true],
])('the key was not exchanged: %s', (message, unreachable) => {
	const error = new Error('Authorization failed', { cause: new Error(message) });
	expect(sort(error)).toEqual({ kind: 'noToken', reason: message, unreachable });
});

test('an error that is not from the HTTP client: n8n sent nothing', () => {
	const error = new Error('outer', { cause: new Error('Blocked by the protection against SSRF') });
	const failure = sort(error);
	expect(failure.kind).toBe('notSent');
	expect(failure.reason).toContain('Blocked by the protection against SSRF');
});

test.each([undefined, null, 'text', 7, {}])('something thrown that is no error: %p', (thrown) => {
	expect(sort(thrown)).toHaveProperty('reason', expect.stringContaining('no reason given'));
});

test('a chain of causes that bites its own tail ends', () => {
	const error: Error & { cause?: unknown; isAxiosError?: boolean } = new Error('round and round');
	error.cause = error;
	error.isAxiosError = true;
	expect(sort(error).kind).toBe('brokeAfter');
});
