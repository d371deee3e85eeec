/** The credential's test: asks for a task that nobody has, and says in words what is wrong. */
import type { IHttpRequestOptions } from 'n8n-workflow';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';

interface Rule {
	type: string;
	properties: { key?: string; value: unknown; message: string };
}

const { request, rules } = new HiDreamApi().test as { request: IHttpRequestOptions; rules: Rule[] };

/** What n8n says of an answer: the message of the first rule that it matches; nothing for a good one. */
function say(status: number, body: unknown): string | undefined {
	const field = (key = '') => (typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined);
	return rules.find(({ type, properties: { key, value } }) => {
		if (type === 'responseCode') return status === value;
		if (type === 'responseSuccessBody') return field(key) === value;
		throw new Error(`There is no rule of the type ${type}`);
	})?.properties.message;
}

test('it asks for a result, which makes no task, and follows no redirect', () => {
	expect(request).toMatchObject({
		method: 'GET',
		url: '/api-pub/gw/v2/video/video_edit/async/results',
		qs: { task_id: '00000000-0000-0000-0000-000000000000' },
		disableFollowRedirect: true,
	});
	expect(request).not.toHaveProperty('body');
});

test('it reads the answer of every status but those that speak for themselves', () => {
	expect(request.ignoreHttpStatusErrors).toEqual({ ignore: true, except: [401, 403] });
});

test.each([
	['https://www.hidreamai.com', 'https://www.hidreamai.com'],
	[' https://www.hidreamai.com// \n', 'https://www.hidreamai.com'],
	['http://localhost:8080/', 'http://localhost:8080'],
])('a trailing slash of the base URL does no harm: %j', (baseUrl, expected) => {
	const expression = /^=\{\{(.*)\}\}$/.exec(request.baseURL ?? '')?.[1] ?? '';
	const evaluate = new Function('$credentials', `return ${expression}`) as (credentials: object) => unknown;
	expect(evaluate({ baseUrl })).toBe(expected);
});

test.each<[number, unknown]>([
	[200, { code: 0, result: { sub_task_results: [] } }],
	[200, { code: 1404, message: 'no such task' }],
	[404, { code: 1404, message: 'no such task' }],
	[400, { code: 7 }],
])('good: %i %j', (status, body) => expect(say(status, body)).toBeUndefined());

test.each<[number, unknown, RegExp]>([
	[401, '', /token was rejected/],
	[401, { code: 401 }, /token was rejected/],
	[200, { code: 401 }, /token was rejected/],
	[403, '', /something between n8n and HiDream/],
	[200, { code: 403 }, /something between n8n and HiDream/],
	[200, '<html>', /instead of HiDream/],
	[404, '', /instead of HiDream/],
	[302, '', /instead of HiDream/],
	[200, { ok: true }, /instead of HiDream/],
	[500, {}, /instead of HiDream/],
])('bad: %i %j', (status, body, message) => expect(say(status, body)).toMatch(message));
