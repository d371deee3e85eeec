/** Any error of the HTTP client: uncertain, unless it shows that nothing was sent. */
import fc from 'fast-check';
import { toTransportError as sortError } from '../../../../nodes/hidream/http';
import { httpError } from '../../../../nodes/shared/requestErrors';
import { clientRequest } from '../../support/httpRequests';

const toTransportError = (error: unknown, upload: Parameters<typeof sortError>[1]) => sortError(httpError(error), upload);

/** Codes of errors before a connection, and codes of errors after it. */
const BEFORE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT', 'ERR_INVALID_URL'];
const ANY_TIME = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EPROTO', 'ERR_CANCELED', 'UND_ERR_SOCKET', 'EHOSTUNREACH', 'ERR_SSL_X', '', 'toString'];
const CONNECTING = ['connect', 'getaddrinfo'];

const sockets = fc.constantFrom(
	undefined,
	clientRequest({ encrypted: true, secureConnecting: false }),
	{ socket: null, protocol: 'https:' },
	'request',
);

const links = (codes: string[], syscalls: string[]) =>
	fc.record({
		code: fc.oneof(fc.constantFrom(...codes), fc.constant(undefined), fc.integer()),
		syscall: fc.constantFrom(...syscalls, undefined),
		message: fc.oneof(fc.string(), fc.constantFrom('read ECONNREFUSED', 'connect', 'fetch failed')),
		isAxiosError: fc.constantFrom(true, undefined),
		request: sockets,
		kind: fc.constantFrom('error', 'object', 'bare'),
	});

type LinkSpec = { kind: string; message: string } & object;

function make({ kind, ...fields }: LinkSpec, cause: unknown, errors: unknown[] | undefined): unknown {
	const base = kind === 'error' ? new Error(fields.message) : kind === 'object' ? {} : Object.create(null);
	return Object.assign(base as object, fields, { cause }, errors && { errors });
}

const chains = (codes: string[], syscalls: string[]) =>
	fc.tuple(fc.array(links(codes, syscalls), { minLength: 1, maxLength: 5 }), fc.array(links(codes, syscalls), { maxLength: 3 })).map(([chain, inner]) =>
		chain.reduceRight<unknown>(
			(cause, link, n) => make(link, cause, n === 0 && inner.length > 0 ? inner.map((each) => make(each, undefined, undefined)) : undefined),
			undefined,
		),
	);

const uploads = fc.record({ handedOver: fc.boolean(), idle: fc.boolean() });

test('without a sign that nothing was sent: uncertain once the body was handed over', () => {
	fc.assert(
		fc.property(chains(ANY_TIME, ['read', 'write']), uploads, (error, upload) => {
			expect(toTransportError(error, upload).code).toBe(upload.handedOver ? 'brokeAfter' : 'brokeBefore');
		}),
		{ numRuns: 150 },
	);
});

test('a sign of an established connection outweighs every code', () => {
	fc.assert(
		fc.property(chains([...BEFORE, ...ANY_TIME], CONNECTING), fc.constantFrom('read', 'write'), (cause, syscall) => {
			const error = Object.assign(new Error('outer', { cause }), { code: 'ECONNREFUSED', syscall });
			expect(toTransportError(error, { handedOver: true, idle: false }).code).toBe('brokeAfter');
		}),
		{ numRuns: 150 },
	);
});

test('one sign is enough if nothing contradicts it', () => {
	const plain = links(['', 'ECONNABORTED'], []).map((link) => ({ ...link, request: undefined }));
	fc.assert(
		fc.property(fc.array(plain, { maxLength: 5 }), fc.constantFrom(...BEFORE), (chain, code) => {
			const error = chain.reduce<unknown>((cause, link) => make(link, cause, undefined), Object.assign(new Error('x'), { code }));
			expect(toTransportError(error, { handedOver: true, idle: false }).code).toBe('noConnection');
		}),
		{ numRuns: 100 },
	);
});

test('handles any thrown value, also objects that throw when read', () => {
	const revoked = Proxy.revocable({}, {});
	revoked.revoke();
	const hostile = [
		new Proxy({}, { get: () => { throw new Error('no'); } }),
		{ get cause() { throw new Error('no'); } },
		Object.assign(new Error('x'), { errors: { length: 3 } }),
		Object.assign(Object.create({ code: 'x' }) as object, { message: Symbol('m'), code: {}, errors: [undefined, null] }),
		revoked.proxy,
	];
	const thrown = fc.oneof(fc.anything().map((value) => () => value), fc.nat(hostile.length - 1).map((n) => () => hostile[n]));
	fc.assert(
		fc.property(thrown, uploads, (give, upload) => {
			for (const error of [give(), new Error('x', { cause: give() }), new AggregateError([give(), give()])]) {
				expect(toTransportError(error, upload).code).toMatch(/^(brokeBefore|brokeAfter)$/);
			}
		}),
		{ numRuns: 150 },
	);
});
