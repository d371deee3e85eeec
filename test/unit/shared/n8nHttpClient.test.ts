/** One POST: the options for n8n, the response, and the timeouts. It never throws and never reveals a secret. */
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { NodeApiError } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';
import { BEGINNING_BYTES } from '../../../nodes/hidream/http';
import { post } from '../../../nodes/hidream/submitTask';
import { connectionOf } from '../../../nodes/shared/n8nHttpClient';
import { exchangedCredential, tokenCredential } from '../support/credentials';
import { fakeConnection, clientError, clientRequest, silence, streamed } from '../support/httpRequests';
import type { Reply } from '../support/httpRequests';
import { nodeOf } from '../support/executeFunctions';
import { settle } from '../support/simulatedClock';
import { strictDouble } from '../support/strictDouble';
import { ManualUpload } from '../support/uploads';

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n);

describe('a request and its response', () => {
	const URL = 'https://api.hidream.test/submit';

	async function send(reply: Reply, { upload = new ManualUpload(), credential = tokenCredential(), cancel = undefined as AbortSignal | undefined } = {}) {
		const { connection, seen } = fakeConnection(credential, reply);
		const result = await post(connection, { url: URL, headers: { 'X-Own': '1' }, body: upload.body }, cancel);
		return { result, seen, upload, credential };
	}

	test('passes these options to n8n', async () => {
		const { seen, credential } = await send({ statusCode: 200 }, { upload: new ManualUpload(12_345) });
		expect(seen).toHaveLength(1);
		expect(seen[0]?.credentialType).toBe('hiDreamApi');
		expect(seen[0]?.credential).toBe(credential);
		expect(seen[0]?.options).toMatchObject({
			method: 'POST',
			url: URL,
			headers: { 'X-Own': '1', 'Content-Type': 'application/json', 'Content-Length': 12_345, Accept: 'application/json' },
			body: 'the body',
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: { ignore: true, except: [...range(201, 400), ...range(402, 599)] },
			disableFollowRedirect: true,
			timeout: 0,
		});
	});

	test('leaves the token to n8n', async () => {
		const { seen } = await send({ statusCode: 200 });
		expect(JSON.stringify(seen[0]?.options)).not.toMatch(/authorization|sk-access-token/i);
	});

	test.each([
		['nothing for an access token', tokenCredential(), expect.stringMatching(/./)],
		['nothing for a valid session', exchangedCredential(), expect.stringContaining('session-token')],
		['an API key whose session has expired', exchangedCredential({ expiresAt: 1 }), ''],
	])('makes n8n exchange %s, since n8n exchanges where the field is empty', async (_, credential, sessionToken) => {
		expect((await send({ statusCode: 200 }, { credential })).seen[0]?.sessionToken).toEqual(sessionToken);
	});

	test.each([200, 204, 302, 400, 401, 429, 500, 503])('returns a response with any status: %i', async (statusCode) => {
		const headers = { 'retry-after': '7' };
		const { result } = await send({ statusCode, headers, body: '{"code":1}' });
		expect(result).toEqual({ status: statusCode, headers, json: { code: 1 } });
	});

	test.each(['', '<html>', '{"code":0'])('returns a body that is not JSON: %j', async (body) => {
		expect((await send({ statusCode: 200, body })).result).toEqual({ status: 200, headers: {}, json: null, truncated: body });
	});

	test('redacts secrets that the service echoes', async () => {
		const credential = exchangedCredential({}, { accessToken: 'sk-old' });
		const { result } = await send({ statusCode: 400, body: '{"session-token":["jwt-api-key, s\\u006b-old"]}' }, { credential });
		expect(result).toHaveProperty('json', { '***': ['***, ***'] });
	});

	test('redacts a token that was renewed during the request', async () => {
		const credential = exchangedCredential();
		const renew: Reply = async () => {
			credential['sessionToken'] = exchangedCredential({ token: 'renewed-token' })['sessionToken'] ?? '';
			return { statusCode: 400, body: '"bad: renewed-token"' };
		};
		expect((await send(renew, { credential })).result).toHaveProperty('json', 'bad: ***');
	});

	test.each([
		['before the last byte', false, 'brokeBefore'],
		['after the last byte', true, 'brokeAfter'],
	])('a connection that breaks %s does not throw', async (_, handedOver, code) => {
		const upload = new ManualUpload();
		const { result } = await send(
			async () => {
				upload.handedOver = handedOver;
				throw clientError('ECONNRESET');
			},
			{ upload },
		);
		expect(result).toEqual({ code, cause: 'reset' });
	});

	test('reports a video that could not be read', async () => {
		const upload = new ManualUpload();
		upload.unreadable = 'The video is gone, said sk-access-token';
		const { result } = await send(clientError('ECONNRESET'), { upload });
		expect(result).toEqual({ code: 'unreadable', detail: 'The video is gone, said ***' });
	});

	test('n8n fails before it reads the body: nothing was sent, and secrets in the error are redacted', async () => {
		const fails = async () => await Promise.reject(new Error('Database is locked: Bearer sk-access-token'));
		const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', { httpRequestWithAuthentication: fails });
		const caller = strictDouble<IExecuteFunctions>('context', { helpers });
		const connection = connectionOf(caller, { baseUrl: '', credential: tokenCredential() });
		const result = await post(connection, { url: URL, headers: {}, body: new ManualUpload().body });
		expect(result).toEqual({ code: 'notSent', detail: 'Database is locked: Bearer ***' });
	});

	describe('a status that n8n throws', () => {
		const thrown = (request: object) => new NodeApiError(nodeOf(), clientError('ERR_BAD_RESPONSE', { request, response: { status: 502, headers: { a: 'b' }, data: streamed('{"code":1}') } }) as never);

		test('is a response like any other', async () => {
			const request = clientRequest({ encrypted: true, secureConnecting: false, bytesWritten: 500 });
			expect((await send(thrown(request))).result).toEqual({ status: 502, headers: { a: 'b' }, json: { code: 1 } });
		});

		test('comes from the proxy if the request has no connection: nothing was sent', async () => {
			const { result } = await send(thrown(clientRequest({ bytesWritten: 0 })));
			expect(result).toEqual({ code: 'noConnection', cause: 'proxyRefused', proxyStatus: 502 });
		});
	});

	test.each([
		['answered', { statusCode: 200 }],
		['failed', clientError('EPIPE')],
	])('%s: the upload is closed once, and the listener of the cancel signal is removed', async (_, reply) => {
		const cancel = new AbortController();
		const { upload } = await send(reply, { cancel: cancel.signal });
		expect([upload.opened, upload.closed]).toEqual([1, 1]);
		expect(getEventListeners(cancel.signal, 'abort')).toEqual([]);
	});

	test('a cancel ends the request immediately, and is not an idle timeout', async () => {
		const cancel = new AbortController();
		const upload = new ManualUpload();
		const reply: Reply = async (seen) => {
			expect(seen.signal?.aborted).toBe(false);
			cancel.abort();
			expect(seen.signal?.aborted).toBe(true);
			return await silence(seen);
		};
		const { result } = await send(reply, { upload, cancel: cancel.signal });
		expect(result).toEqual({ code: 'brokeBefore', cause: 'cancelled' });
		expect(upload.closed).toBe(1);
	});

	test('cancelled before: n8n gets an aborted signal', async () => {
		const { seen, result } = await send(silence, { cancel: AbortSignal.abort() });
		expect(seen[0]?.signal?.aborted).toBe(true);
		expect(result).toHaveProperty('code', 'brokeBefore');
	});

	test('a cancel while the response arrives: the rest is read, since it may contain a task ID', async () => {
		const cancel = new AbortController();
		const body = Readable.from((async function* () {
			yield Buffer.from('{"code":0,');
			cancel.abort();
			await settle();
			yield Buffer.from('"result":{"task_id":"t-1"}}');
		})());
		const { result } = await send({ statusCode: 200, body }, { cancel: cancel.signal });
		expect(result).toEqual({ status: 200, headers: {}, json: { code: 0, result: { task_id: 't-1' } } });
	});

	describe('a response with an unreadable body keeps its status', () => {
		const broken = (text: string) =>
			Readable.from((async function* () {
				yield Buffer.from(text);
				throw clientError('ECONNRESET');
			})());

		test('if the body breaks off', async () => {
			const { result } = await send({ statusCode: 200, body: broken('{"code":0,"resu') });
			expect(result).toEqual({ status: 200, headers: {}, json: null, truncated: '{"code":0,"resu', bodyError: 'broken' });
		});

		test('if the connection breaks after the last brace: nothing is missing', async () => {
			const { result } = await send({ statusCode: 200, body: broken('{"code":0}') });
			expect(result).toEqual({ status: 200, headers: {}, json: { code: 0 } });
		});

		test('if the body is too long', async () => {
			const body = Readable.from(Array<Buffer>(9).fill(Buffer.alloc(1024 * 1024, ' ')));
			const { result, upload } = await send({ statusCode: 400, body });
			expect(result).toEqual({ status: 400, headers: {}, json: null, truncated: ' '.repeat(BEGINNING_BYTES), bodyError: 'tooLong' });
			expect([body.destroyed, upload.closed]).toEqual([true, 1]);
		});

		test('if a cancel ends an endless body', async () => {
			const cancel = new AbortController();
			const body = new Readable({ read: () => cancel.abort() });
			const { result } = await send({ statusCode: 200, body }, { cancel: cancel.signal });
			expect(result).toMatchObject({ status: 200, bodyError: 'broken' });
			expect(body.destroyed).toBe(true);
		});
	});
});
