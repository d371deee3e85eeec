/** What stands before the first request with a credential: a token for a key, a host that answers for a token. */
import { Readable } from 'node:stream';
import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { bearerToken } from '../../../nodes/hidream/account';
import { openSession } from '../../../nodes/hidream/session';
import { keyCredential, tokenCredential } from '../support/credentials';
import { streamed } from '../support/httpCaller';
import { strictDouble } from '../support/strictDouble';

type Answer = { statusCode: number; body: string | Readable } | Error;
const NOW = Date.UTC(2026, 0, 2);

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

/** Helpers that give these answers, in order; a request too many throws. */
function helpersWith(...answers: Answer[]) {
	const requests: IHttpRequestOptions[] = [];
	const helpers = strictDouble<IHttpRequestHelper['helpers']>('helpers', {
		httpRequest: async (options) => {
			requests.push(options);
			const answer = answers[requests.length - 1];
			if (!answer) throw new Error('A request too many was sent');
			if (answer instanceof Error) throw answer;
			return { headers: {}, ...answer, body: streamed(answer.body) };
		},
	});
	return { helpers, requests };
}

const refusedConnection = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const exchanged = (result: object) => ({ statusCode: 200, body: JSON.stringify({ code: 0, result }) });

test('a key is exchanged, and the session belongs to this account', async () => {
	const { helpers, requests } = helpersWith(exchanged({ token: 'fresh', expire_time: '2026-01-03T00:00:00Z' }));
	const credential = keyCredential({ apiKey: ' jwt-api-key ', baseUrl: 'https://api.hidream.test/' });
	const session = await openSession(helpers, credential);
	if (!session.ok) throw new Error(session.reason);
	expect(requests).toHaveLength(1);
	expect(requests[0]).toMatchObject({
		url: 'https://api.hidream.test/prod-api/user/apikey2token',
		headers: { 'Api-Key': 'jwt-api-key' },
	});
	const stored = { ...credential, sessionToken: session.sessionToken ?? '' };
	expect(bearerToken(stored, NOW)).toBe('fresh');
	expect(bearerToken(stored, Date.UTC(2026, 0, 2, 23, 59))).toBeUndefined();
	expect(bearerToken({ ...stored, apiKey: 'another' }, NOW)).toBeUndefined();
});

test('a key that is refused', async () => {
	const { helpers } = helpersWith({ statusCode: 401, body: '{"code":401,"message":"bad jwt-api-key"}' });
	const session = await openSession(helpers, keyCredential());
	expect(session).toEqual({ ok: false, reason: expect.stringContaining('refused the key') });
	expect(JSON.stringify(session)).not.toContain('jwt-api-key');
});

test.each([
	[refusedConnection(), 'the host refuses connections'],
	[new Error('odd'), 'the connection broke'],
])('a key, and no connection: %s', async (error, reason) => {
	const session = await openSession(helpersWith(error).helpers, keyCredential());
	expect(session).toEqual({ ok: false, reason: expect.stringContaining(`no connection to HiDream: ${reason}`) });
});

test.each(['', 'http://evil.example', 7, undefined])('a base URL that cannot be used (%p): no secret is sent', async (baseUrl) => {
	const { helpers, requests } = helpersWith();
	const session = await openSession(helpers, keyCredential({ baseUrl } as Parameters<typeof keyCredential>[0]));
	expect(session).toEqual({ ok: false, reason: expect.stringContaining('Base URL cannot be used') });
	expect(requests).toEqual([]);
});

test('an access token: the host is asked, without the token', async () => {
	const { helpers, requests } = helpersWith({ statusCode: 404, body: '' });
	const session = await openSession(helpers, tokenCredential({ baseUrl: 'https://one.hidream.test' }));
	expect(session).toEqual({ ok: true });
	expect(requests[0]).toMatchObject({ method: 'GET', disableFollowRedirect: true, timeout: 30_000 });
	expect(JSON.stringify(requests)).not.toContain('sk-access-token');
});

test('an access token: a host that answered is not asked again within a minute', async () => {
	const { helpers, requests } = helpersWith({ statusCode: 200, body: '' }, { statusCode: 200, body: '' });
	const credential = tokenCredential({ baseUrl: 'https://two.hidream.test' });
	await openSession(helpers, credential);
	jest.advanceTimersByTime(59_999);
	expect(await openSession(helpers, credential)).toEqual({ ok: true });
	expect(requests).toHaveLength(1);
	jest.advanceTimersByTime(1);
	await openSession(helpers, credential);
	expect(requests).toHaveLength(2);
});

test('an access token: a host that did not answer is asked again', async () => {
	const { helpers, requests } = helpersWith(refusedConnection(), { statusCode: 200, body: '' });
	const credential = tokenCredential({ baseUrl: 'https://three.hidream.test' });
	const first = await openSession(helpers, credential);
	expect(first).toEqual({ ok: false, reason: expect.stringMatching(/^No connection to the Base URL: the host refuses/) });
	expect(await openSession(helpers, credential)).toEqual({ ok: true });
	expect(requests).toHaveLength(2);
});
