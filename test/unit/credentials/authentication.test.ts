/** How the credential signs a request, and how it gets a token for an API key. */
import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';
import type { Credential } from '../../../nodes/hidream/signedRequest';
import { exchangedCredential, keyCredential, tokenCredential } from '../support/credentials';
import { streamed } from '../support/httpCaller';
import { strictDouble } from '../support/strictDouble';

const REQUEST: IHttpRequestOptions = { url: 'https://api.hidream.test/submit', headers: { 'X-Own': '1' } };

describe('signing', () => {
	const sign = async (credential: Credential) => await new HiDreamApi().authenticate(credential, REQUEST);

	test.each([
		['an access token', tokenCredential(), 'sk-access-token'],
		['an access token with blanks around', tokenCredential({ accessToken: ' sk-1\n' }), 'sk-1'],
		['the session of an API key', exchangedCredential(), 'session-token'],
	])('%s', async (_, credential, token) => {
		expect(await sign(credential)).toEqual({ ...REQUEST, headers: { 'X-Own': '1', Authorization: `Bearer ${token}` } });
		expect(REQUEST).toEqual({ url: 'https://api.hidream.test/submit', headers: { 'X-Own': '1' } });
	});

	test('a request without headers', async () => {
		const signed = await new HiDreamApi().authenticate(tokenCredential(), { url: REQUEST.url });
		expect(signed.headers).toEqual({ Authorization: 'Bearer sk-access-token' });
	});

	test.each([
		['no session', keyCredential()],
		['one of another key', { ...exchangedCredential(), apiKey: 'edited' }],
		['one of another base URL', { ...exchangedCredential(), baseUrl: 'https://edited.hidream.test' }],
		['one that has run out', exchangedCredential({ issuedAt: 1, expiresAt: 1_000_000 })],
	])('an API key with %s: n8n hears 401 before anything is sent, and exchanges', async (_, credential) => {
		const error: unknown = await sign(credential).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(UserError);
		expect(error).toMatchObject({ response: { status: 401 } });
		expect(String(error)).not.toMatch(/session-token|jwt-api-key/);
	});
});

describe('before the first request', () => {
	async function prepare(credential: Credential, answer: { statusCode: number; body: string } | Error) {
		const requests: IHttpRequestOptions[] = [];
		const helpers = strictDouble<IHttpRequestHelper['helpers']>('helpers', {
			httpRequest: async (options) => {
				requests.push(options);
				if (answer instanceof Error) throw answer;
				return { headers: {}, ...answer, body: streamed(answer.body) };
			},
		});
		const caller = strictDouble<IHttpRequestHelper>('caller', { helpers });
		const prepared = new HiDreamApi().preAuthentication.call(caller, credential);
		return { requests, prepared };
	}

	test('an API key is exchanged, and what n8n stores signs the next request', async () => {
		const credential = keyCredential();
		const { prepared } = await prepare(credential, { statusCode: 200, body: '{"code":0,"result":{"token":"fresh"}}' });
		const stored = await prepared;
		expect(Object.keys(stored)).toEqual(['sessionToken']);
		const signed = await new HiDreamApi().authenticate({ ...credential, ...stored } as Credential, REQUEST);
		expect(signed.headers).toHaveProperty('Authorization', 'Bearer fresh');
	});

	test('an access token needs no session: nothing is stored', async () => {
		const credential = tokenCredential({ baseUrl: 'https://pre.hidream.test' });
		const { prepared, requests } = await prepare(credential, { statusCode: 200, body: '{"code":1404}' });
		expect(await prepared).toEqual({});
		expect(requests).toMatchObject([{ method: 'GET', headers: { Authorization: 'Bearer sk-access-token' } }]);
	});

	test.each([
		['a bad key', keyCredential(), { statusCode: 200, body: '{"code":7,"message":"bad key"}' }, /rejected the key.*bad key/],
		['a host that is not HiDream', keyCredential(), { statusCode: 200, body: '<html>' }, /Something between n8n and HiDream/],
		['a bad token', tokenCredential(), { statusCode: 401, body: '{"code":7}' }, /rejected the token/],
		['no connection', keyCredential(), Object.assign(new Error(), { code: 'ENOTFOUND' }), /no host of that name/],
		['no connection, with a token', tokenCredential({ baseUrl: 'https://gone.hidream.test' }), Object.assign(new Error(), { code: 'ECONNREFUSED' }), /refuses connections/],
		['a base URL in plain text', keyCredential({ baseUrl: 'http://hidream.test' }), new Error('It was asked'), /Base URL cannot be used/],
	])('%s, in words', async (_, credential, answer, words) => {
		const { prepared } = await prepare(credential, answer);
		await expect(prepared).rejects.toBeInstanceOf(UserError);
		await expect(prepared).rejects.toThrow(words);
	});
});
