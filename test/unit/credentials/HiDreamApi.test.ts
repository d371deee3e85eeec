/** The credential: fields, signing, token exchange, and its test request. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from 'n8n-workflow';
import type { IHttpRequestHelper, IHttpRequestOptions, INodePropertyOptions } from 'n8n-workflow';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';
import type { Credential } from '../../../nodes/shared/credential';
import { exchangedCredential, keyCredential, tokenCredential } from '../support/credentials';
import { streamed } from '../support/httpRequests';
import { strictDouble } from '../support/strictDouble';

describe('fields', () => {
	const credential = new HiDreamApi();

	function field(name: string) {
		const [found, ...more] = credential.properties.filter((property) => property.name === name);
		if (!found || more.length > 0) throw new Error(`Expected one field "${name}"`);
		return found;
	}

	const valuesOf = (name: string) => (field(name).options as INodePropertyOptions[]).map(({ value }) => value).sort();

	test('has its name', () => {
		expect(credential).toMatchObject({ name: 'hiDreamApi', displayName: 'HiDream API' });
		expect(credential.documentationUrl).toMatch(/^https:\/\//);
	});

	test('its icons exist', () => {
		const { light, dark } = credential.icon as { light: string; dark: string };
		for (const icon of [light, dark]) {
			expect(existsSync(resolve(__dirname, '../../../credentials', icon.replace(/^file:/, '')))).toBe(true);
		}
	});

	test('has these fields and defaults', () => {
		expect(Object.fromEntries(credential.properties.map(({ name, type, default: value }) => [name, [type, value]]))).toEqual({
			authentication: ['options', 'accessToken'],
			accessToken: ['string', ''],
			apiKey: ['string', ''],
			sessionToken: ['hidden', ''],
			baseUrl: ['string', 'https://www.hidreamai.com'],
			accountLevel: ['options', 'free'],
			parallelTasks: ['number', 1],
			tasksPerMinute: ['number', 2],
			retryCodes: ['string', ''],
		});
	});

	test('has these values', () => {
		expect(valuesOf('authentication')).toEqual(['accessToken', 'apiKey']);
		expect(valuesOf('accountLevel')).toEqual(['custom', 'free', 'level1', 'level2', 'level3', 'level4']);
	});

	test.each([
		['free', '1'],
		['level1', '3'],
		['level2', '5'],
		['level3', '7'],
		['level4', '10'],
	])('the account level %s has this number of parallel tasks: %s', (value, tasks) => {
		const option = (field('accountLevel').options as INodePropertyOptions[]).find((one) => one.value === value);
		expect(option?.name).toMatch(new RegExp(`\\(${tasks} Parallel Tasks?\\)`));
	});

	test.each(['accessToken', 'apiKey', 'sessionToken'])('%s is a password field', (name) => {
		expect(field(name).typeOptions).toMatchObject({ password: true });
	});

	test('the session token is hidden, and n8n renews it', () => {
		expect(field('sessionToken')).toMatchObject({ type: 'hidden', typeOptions: { expirable: true } });
	});

	test('each authentication method shows its own secret', () => {
		expect(field('accessToken').displayOptions).toEqual({ show: { authentication: ['accessToken'] } });
		expect(field('apiKey').displayOptions).toEqual({ show: { authentication: ['apiKey'] } });
		expect(field('parallelTasks').displayOptions).toEqual({ show: { accountLevel: ['custom'] } });
	});
});

describe('authentication', () => {
	const REQUEST: IHttpRequestOptions = { url: 'https://api.hidream.test/submit', headers: { 'X-Own': '1' } };

	describe('signing', () => {
		const sign = async (credential: Credential) => await new HiDreamApi().authenticate(credential, REQUEST);

		test.each([
			['an access token', tokenCredential(), 'sk-access-token'],
			['an access token with spaces around it', tokenCredential({ accessToken: ' sk-1\n' }), 'sk-1'],
			['the session of an API key', exchangedCredential(), 'session-token'],
		])('%s', async (_, credential, token) => {
			expect(await sign(credential)).toEqual({ ...REQUEST, headers: { 'X-Own': '1', Authorization: `Bearer ${token}` } });
			expect(REQUEST).toEqual({ url: 'https://api.hidream.test/submit', headers: { 'X-Own': '1' } });
		});

		test('signs a request without headers', async () => {
			const signed = await new HiDreamApi().authenticate(tokenCredential(), { url: REQUEST.url });
			expect(signed.headers).toEqual({ Authorization: 'Bearer sk-access-token' });
		});

		test.each([
			['no session', keyCredential()],
			['the session of another key', { ...exchangedCredential(), apiKey: 'edited' }],
			['the session of another Base URL', { ...exchangedCredential(), baseUrl: 'https://edited.hidream.test' }],
			['an expired session', exchangedCredential({ issuedAt: 1, expiresAt: 1_000_000 })],
		])('an API key with %s: reports a 401 to n8n before anything is sent, and n8n exchanges the key', async (_, credential) => {
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

		test('exchanges an API key, and the stored session signs the next request', async () => {
			const credential = keyCredential();
			const { prepared } = await prepare(credential, { statusCode: 200, body: '{"code":0,"result":{"token":"fresh"}}' });
			const stored = await prepared;
			expect(Object.keys(stored)).toEqual(['sessionToken']);
			const signed = await new HiDreamApi().authenticate({ ...credential, ...stored } as Credential, REQUEST);
			expect(signed.headers).toHaveProperty('Authorization', 'Bearer fresh');
		});

		test('an access token needs no session: stores nothing', async () => {
			const credential = tokenCredential({ baseUrl: 'https://pre.hidream.test' });
			const { prepared, requests } = await prepare(credential, { statusCode: 200, body: '{"code":1404}' });
			expect(await prepared).toEqual({});
			expect(requests).toMatchObject([{ method: 'GET', headers: { Authorization: 'Bearer sk-access-token' } }]);
		});

		test.each([
			['a bad key', keyCredential(), { statusCode: 200, body: '{"code":7,"message":"bad key"}' }, /refused the API key.*bad key/],
			['a bad token', tokenCredential(), { statusCode: 401, body: '{"code":7}' }, /refused the token/],
		])('%s, in words', async (_, credential, answer, words) => {
			const { prepared } = await prepare(credential, answer);
			await expect(prepared).rejects.toBeInstanceOf(UserError);
			await expect(prepared).rejects.toThrow(words);
		});
	});
});

describe('the test request', () => {
	interface Rule {
		type: string;
		properties: { key?: string; value: unknown; message: string };
	}

	const { request, rules } = new HiDreamApi().test as { request: IHttpRequestOptions; rules: Rule[] };

	/** What n8n says about a response: the message of the first matching rule; nothing for a successful one. */
	function say(status: number, body: unknown): string | undefined {
		const field = (key = '') => (typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined);
		return rules.find(({ type, properties: { key, value } }) => {
			if (type === 'responseCode') return status === value;
			if (type === 'responseSuccessBody') return field(key) === value;
			throw new Error(`Expected a rule of the type ${type}`);
		})?.properties.message;
	}

	test('queries a result, which creates no task, and does not follow redirects', () => {
		expect(request).toMatchObject({
			method: 'GET',
			url: '/api-pub/gw/v2/video/video_edit/async/results',
			qs: { task_id: '00000000-0000-0000-0000-000000000000' },
			disableFollowRedirect: true,
		});
		expect(request).not.toHaveProperty('body');
	});

	test('reads the response of every status except the self-explanatory ones', () => {
		expect(request.ignoreHttpStatusErrors).toEqual({ ignore: true, except: [401, 403] });
	});

	test.each([
		['https://www.hidreamai.com', 'https://www.hidreamai.com'],
		[' https://www.hidreamai.com// \n', 'https://www.hidreamai.com'],
		['http://localhost:8080/', 'http://localhost:8080'],
	])('ignores a trailing slash of the Base URL: %j', (baseUrl, expected) => {
		const expression = /^=\{\{(.*)\}\}$/.exec(request.baseURL ?? '')?.[1] ?? '';
		const evaluate = new Function('$credentials', `return ${expression}`) as (credentials: object) => unknown;
		expect(evaluate({ baseUrl })).toBe(expected);
	});

	test.each<[number, unknown]>([
		[200, { code: 0, result: { sub_task_results: [] } }],
		[200, { code: 1404, message: 'no such task' }],
		[404, { code: 1404, message: 'no such task' }],
		[400, { code: 7 }],
	])('passes: %i %j', (status, body) => expect(say(status, body)).toBeUndefined());

	test.each<[number, unknown, RegExp]>([
		[401, '', /refused the token/],
		[401, { code: 401 }, /refused the token/],
		[200, { code: 401 }, /refused the token/],
		[403, '', /something between n8n and HiDream/],
		[200, { code: 403 }, /something between n8n and HiDream/],
		[200, '<html>', /instead of HiDream/],
		[404, '', /instead of HiDream/],
		[302, '', /instead of HiDream/],
		[200, { ok: true }, /instead of HiDream/],
		[500, {}, /instead of HiDream/],
	])('fails: %i %j', (status, body, message) => expect(say(status, body)).toMatch(message));
});
