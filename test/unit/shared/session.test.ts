/** Before the first request with a credential: a token for a key, and a check of the token. */
import { Readable } from 'node:stream';
import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { REQUEST_TIMEOUT_MS } from '../../../nodes/hidream/limits';
import { bearerToken } from '../../../nodes/shared/credential';
import { openSession } from '../../../nodes/shared/session';
import { keyCredential, tokenCredential } from '../support/credentials';
import { clientError, streamed } from '../support/httpRequests';
import { strictDouble } from '../support/strictDouble';

type Answer = { statusCode: number; body: string | Readable } | Error;
const NOW = Date.UTC(2026, 0, 2);

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

/** Helpers with these responses, in order; one more request throws. */
function helpersWith(...responses: Answer[]) {
	const requests: IHttpRequestOptions[] = [];
	const helpers = strictDouble<IHttpRequestHelper['helpers']>('helpers', {
		httpRequest: async (options) => {
			requests.push(options);
			const response = responses[requests.length - 1];
			if (!response) throw new Error('A request too many was sent');
			if (response instanceof Error) throw response;
			return { headers: {}, ...response, body: streamed(response.body) };
		},
	});
	return { helpers, requests };
}

const refusedConnection = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const exchanged = (result: object) => ({ statusCode: 200, body: JSON.stringify({ code: 0, result }) });

test('exchanges a key for a session of this account', async () => {
	const { helpers, requests } = helpersWith(exchanged({ token: 'fresh', expire_time: '2026-01-03T00:00:00Z' }));
	const credential = keyCredential({ apiKey: ' jwt-api-key ', baseUrl: 'https://api.hidream.test/' });
	const sessionToken = (await openSession(helpers, credential)) ?? '';
	expect(requests).toHaveLength(1);
	expect(requests[0]).toMatchObject({
		url: 'https://api.hidream.test/prod-api/user/apikey2token',
		headers: { 'Api-Key': 'jwt-api-key' },
	});
	const stored = { ...credential, sessionToken };
	expect(bearerToken(stored, NOW)).toBe('fresh');
	expect(bearerToken(stored, Date.UTC(2026, 0, 2, 23, 59))).toBeUndefined();
	expect(bearerToken({ ...stored, apiKey: 'another' }, NOW)).toBeUndefined();
});

test('reports a refused key', async () => {
	const { helpers } = helpersWith({ statusCode: 401, body: '{"code":401,"message":"bad jwt-api-key"}' });
	const opening = openSession(helpers, keyCredential());
	await expect(opening).rejects.toMatchObject({ message: expect.stringMatching(/^HiDream refused the API key \(HTTP 401/) as string, temporary: false });
	await expect(opening).rejects.not.toThrow('jwt-api-key');
});

test.each([
	[refusedConnection(), 'the host refuses connections'],
	[clientError('ENOTFOUND'), 'there is no host with that name'],
	[new Error('odd'), 'the connection broke'],
])('a key, and no connection: %s', async (error, reason) => {
	const opening = openSession(helpersWith(error).helpers, keyCredential());
	await expect(opening).rejects.toMatchObject({ message: expect.stringContaining(`no connection to HiDream: ${reason}`) as string, temporary: true });
});

test('ends an exchange that gets no response', async () => {
	const httpRequest = async ({ abortSignal }: IHttpRequestOptions) =>
		await new Promise<never>((_, reject) => abortSignal?.addEventListener?.('abort', () => reject(clientError('ERR_CANCELED'))));
	const opening = openSession(strictDouble<IHttpRequestHelper['helpers']>('helpers', { httpRequest }), keyCredential());
	const ended = jest.fn();
	void opening.catch(ended);
	await jest.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS);
	expect(ended).toHaveBeenCalledWith(expect.objectContaining({ temporary: true }));
});

test.each(['', 'http://evil.example', 7, undefined])('an unusable Base URL (%p): sends no secret', async (baseUrl) => {
	const { helpers, requests } = helpersWith();
	const opening = openSession(helpers, keyCredential({ baseUrl } as Parameters<typeof keyCredential>[0]));
	await expect(opening).rejects.toThrow('"Base URL" in the HiDream API credential cannot be used');
	expect(requests).toEqual([]);
});

describe('checks an access token with a query that creates no task', () => {
	/** `wrong`: what is wrong, in words. */
	const check = async (answer: Answer) => {
		const { helpers, requests } = helpersWith(answer);
		const opening = openSession(helpers, tokenCredential({ baseUrl: 'https://one.hidream.test' }));
		return { wrong: await opening.catch((error: Error) => error.message), requests };
	};

	test('with the token, and without following a redirect', async () => {
		const { wrong, requests } = await check({ statusCode: 200, body: '{"code":"1404","message":"no such task"}' });
		expect(wrong).toBeUndefined();
		expect(requests[0]).toMatchObject({
			method: 'GET',
			url: expect.stringMatching(/^https:\/\/one\.hidream\.test\/.*\/results$/),
			qs: { task_id: '00000000-0000-0000-0000-000000000000' },
			headers: { Authorization: 'Bearer sk-access-token' },
			disableFollowRedirect: true,
			timeout: 30_000,
		});
	});

	test.each<[number, string, RegExp]>([
		[401, '{"code":1102,"message":"bad sk-access-token"}', /refused the token.*token or key/],
		[200, '{"code":"401"}', /refused the token/],
		[400, '{"code":"invalid_token"}', /refused the token/],
		[401, 'Unauthorized', /token or key/],
		[403, '{"code":9,"message":"no access"}', /no access.*account/],
		[403, '<html>', /Something between n8n and HiDream.*HTTP 403, a web page.*proxies, firewalls/],
		[405, '<html>', /Something between n8n and HiDream.*405/],
		[401, '<html>', /Something between n8n and HiDream.*401/],
		[429, '<html>', /something between n8n and HiDream.*429/],
		[200, '{"hello":"world"}', /Something between n8n and HiDream.*JSON that is not from HiDream/],
		[404, '', /something between n8n and HiDream.*Base URL/],
		[407, '<html>', /proxy.*login/],
		[302, '', /redirects to another address.*login page/],
		[503, '{"code":9}', /HTTP 503.*Try again later/],
		[200, '{"code":"insufficient_credits"}', /Top it up/],
	])('HTTP %i %s is told in words', async (statusCode, body, words) => {
		const { wrong } = await check({ statusCode, body });
		expect(wrong).toMatch(words);
		expect(wrong).not.toContain('sk-access-token');
	});

	test('reports a failed connection', async () => {
		const { wrong } = await check(refusedConnection());
		expect(wrong).toMatch(/^No connection to the Base URL: the host refuses/);
	});
});
