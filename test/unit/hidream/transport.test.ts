/** One POST: what n8n is asked to send, what comes back, and that it never throws and tells no secret. */
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { NodeApiError } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';
import { BEGINNING_BYTES } from '../../../nodes/hidream/answerBody';
import { THROWN_STATUSES } from '../../../nodes/hidream/connection';
import { post } from '../../../nodes/hidream/transport';
import { exchangedCredential, tokenCredential } from '../support/credentials';
import { callerWith, clientError, clientRequest, silence, streamed } from '../support/httpCaller';
import type { Reply } from '../support/httpCaller';
import { nodeOf } from '../support/nodeScene';
import { strictDouble } from '../support/strictDouble';
import { HandBody } from '../support/uploads';

const URL = 'https://api.hidream.test/submit';

async function send(reply: Reply, { hand = new HandBody(), credential = tokenCredential(), cancel = undefined as AbortSignal | undefined } = {}) {
	const { caller, seen } = callerWith(reply);
	const result = await post(caller, { url: URL, headers: { 'X-Own': '1' }, body: hand.body, credential }, cancel);
	return { result, seen, hand, credential };
}

test('what n8n is asked to send', async () => {
	const { seen, credential } = await send({ statusCode: 200 }, { hand: new HandBody(12_345) });
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
		ignoreHttpStatusErrors: THROWN_STATUSES,
		disableFollowRedirect: true,
		timeout: 0,
	});
});

test('the token is n8n\'s to add', async () => {
	const { seen } = await send({ statusCode: 200 });
	expect(JSON.stringify(seen[0]?.options)).not.toMatch(/authorization|sk-access-token/i);
});

test.each([200, 204, 302, 400, 401, 429, 500, 503])('an answer is an answer, whatever its status: %i', async (statusCode) => {
	const headers = { 'retry-after': '7' };
	const { result } = await send({ statusCode, headers, body: '{"code":1}' });
	expect(result).toEqual({ kind: 'answer', status: statusCode, headers, json: { code: 1 } });
});

test.each(['', '<html>', '{"code":0'])('a body that is no JSON: %j', async (body) => {
	expect((await send({ statusCode: 200, body })).result).toEqual({ kind: 'answer', status: 200, headers: {}, json: null, torn: body });
});

test('secrets that the service echoes are blotted out', async () => {
	const credential = exchangedCredential({}, { accessToken: 'sk-old' });
	const { result } = await send({ statusCode: 400, body: '{"session-token":["jwt-api-key, s\\u006b-old"]}' }, { credential });
	expect(result).toHaveProperty('json', { '***': ['***, ***'] });
});

test('a token that was renewed during the request is blotted out too', async () => {
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
])('a break %s does not throw', async (_, handedOver, kind) => {
	const hand = new HandBody();
	const { result } = await send(
		async () => {
			hand.handedOver = handedOver;
			throw clientError('ECONNRESET');
		},
		{ hand },
	);
	expect(result).toEqual({ kind, reason: 'the connection was reset' });
});

test('a video that could not be read', async () => {
	const hand = new HandBody();
	hand.unreadable = 'The video is gone, said sk-access-token';
	const { result } = await send(clientError('ECONNRESET'), { hand });
	expect(result).toEqual({ kind: 'unreadable', reason: 'The video is gone, said ***' });
});

test('n8n fails before it takes the body: nothing was sent, and secrets in the error are redacted', async () => {
	const fails = async () => await Promise.reject(new Error('Database is locked: Bearer sk-access-token'));
	const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', { httpRequestWithAuthentication: fails });
	const caller = strictDouble<IExecuteFunctions>('context', { helpers });
	const result = await post(caller, { url: URL, headers: {}, body: new HandBody().body, credential: tokenCredential() });
	expect(result).toEqual({ kind: 'notSent', reason: 'n8n did not send the request: Database is locked: Bearer ***' });
});

describe('a status that n8n throws', () => {
	const thrown = (request: object) => new NodeApiError(nodeOf(), clientError('ERR_BAD_RESPONSE', { request, response: { status: 502, headers: { a: 'b' }, data: streamed('{"code":1}') } }) as never);

	test('is a response like any other', async () => {
		const request = clientRequest({ encrypted: true, secureConnecting: false, bytesWritten: 500 });
		expect((await send(thrown(request))).result).toEqual({ kind: 'answer', status: 502, headers: { a: 'b' }, json: { code: 1 } });
	});

	test('was given by the proxy if the request has no connection: nothing was sent', async () => {
		const { result } = await send(thrown(clientRequest({ bytesWritten: 0 })));
		expect(result).toEqual({ kind: 'noConnection', reason: 'the proxy refused the connection (HTTP 502)', proxyStatus: 502 });
	});
});

test.each([
	['answered', { statusCode: 200 }],
	['failed', clientError('EPIPE')],
])('%s: the upload is closed once, and the cancel signal is let go of', async (_, reply) => {
	const cancel = new AbortController();
	const { hand } = await send(reply, { cancel: cancel.signal });
	expect([hand.opened, hand.closed]).toEqual([1, 1]);
	expect(getEventListeners(cancel.signal, 'abort')).toEqual([]);
});

test('cancelled: the request is ended at once, and that is no silence', async () => {
	const cancel = new AbortController();
	const hand = new HandBody();
	const reply: Reply = async (seen) => {
		expect(seen.signal?.aborted).toBe(false);
		cancel.abort();
		expect(seen.signal?.aborted).toBe(true);
		return await silence(seen);
	};
	const { result } = await send(reply, { hand, cancel: cancel.signal });
	expect(result).toEqual({ kind: 'brokeBefore', reason: 'the execution was cancelled' });
	expect(hand.closed).toBe(1);
});

test('cancelled before: n8n gets a signal that has fired', async () => {
	const { seen, result } = await send(silence, { cancel: AbortSignal.abort() });
	expect(seen[0]?.signal?.aborted).toBe(true);
	expect(result).toHaveProperty('kind', 'brokeBefore');
});

describe('an answer whose body cannot be had: its status stands', () => {
	const broken = (text: string) =>
		Readable.from((async function* () {
			yield Buffer.from(text);
			throw clientError('ECONNRESET');
		})());

	test('it breaks off', async () => {
		const { result } = await send({ statusCode: 200, body: broken('{"code":0,"resu') });
		expect(result).toEqual({ kind: 'answer', status: 200, headers: {}, json: null, torn: '{"code":0,"resu', flaw: 'broken' });
	});

	test('it breaks off behind its last brace: nothing is missing', async () => {
		const { result } = await send({ statusCode: 200, body: broken('{"code":0}') });
		expect(result).toEqual({ kind: 'answer', status: 200, headers: {}, json: { code: 0 } });
	});

	test('it is too long', async () => {
		const body = Readable.from(Array<Buffer>(9).fill(Buffer.alloc(1024 * 1024, ' ')));
		const { result, hand } = await send({ statusCode: 400, body });
		expect(result).toEqual({ kind: 'answer', status: 400, headers: {}, json: null, torn: ' '.repeat(BEGINNING_BYTES), flaw: 'tooLong' });
		expect([body.destroyed, hand.closed]).toEqual([true, 1]);
	});

	test('a cancel ends one that does not end', async () => {
		const cancel = new AbortController();
		const body = new Readable({ read: () => cancel.abort() });
		const { result } = await send({ statusCode: 200, body }, { cancel: cancel.signal });
		expect(result).toMatchObject({ kind: 'answer', flaw: 'broken' });
		expect(body.destroyed).toBe(true);
	});
});
