/** The money table: whether a response, or its absence, means accepted, refused or uncertain. */
import { parseResponse } from '../../../nodes/hidream/response';
import { vendorJson } from '../../../nodes/hidream/vendorJson';
import { classifyResponse, classifyTransportError } from '../../../nodes/hidream/verdict';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { errorInfoOf } from '../../../nodes/shared/messages/aboutErrors';
import { failureText } from '../../../nodes/shared/messages/aboutResponses';

const NOW = Date.UTC(2026, 0, 2);
const HTML = '<html><body>502 Bad Gateway</body></html>';
const TASK = '{"code":0,"result":{"task_id":"t-1","sub_task_ids":["s-1"]}}';

function classify(status: number, body: string, { retryAfter, retryCodes = [] }: { retryAfter?: string; retryCodes?: Array<number | string> } = {}) {
	const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
	const json = vendorJson(body);
	return classifyResponse(parseResponse({ status, headers, json, ...(json === null && { truncated: body }) }, NOW), new Set(retryCodes.map(String)));
}

describe('accepted: the response has a task_id', () => {
	test.each([
		[200, TASK],
		[200, '{"code":"0","result":{"task_id":"t-1","sub_task_ids":["s-1"]}}'],
		[200, '{"result":{"task_id":"t-1","sub_task_ids":["s-1"]}}'],
		[200, '{"code":"success","result":{"task_id":"t-1","sub_task_ids":["s-1"]}}'],
		[201, TASK],
		[409, TASK],
		[202, TASK],
		[302, TASK],
		[400, TASK],
		[401, TASK],
		[429, TASK],
		[500, TASK],
		[503, TASK],
	])('%i %s', (status, body) => {
		expect(classify(status, body)).toEqual({ kind: 'accepted', taskId: 't-1', subTaskIds: ['s-1'] });
	});
});

describe('refused and final', () => {
	test.each([
		[200, '{"code":1}'],
		[200, '{"code":-1,"message":"no"}'],
		[200, '{"code":"1001"}'],
		[200, '{"code":2004}'],
		[200, '{"code":3,"result":null}'],
		[200, '{"code":3,"result":{"task_id":""}}'],
		[301, ''],
		[302, HTML],
		[307, ''],
		[308, ''],
		[400, ''],
		[400, '{"code":1001,"message":"bad style"}'],
		[403, HTML],
		[404, HTML],
		[405, '[]'],
		[411, ''],
		[413, HTML],
		[414, ''],
		[415, '{"message":"no"}'],
		[422, '{"code":5}'],
		[431, HTML],
		[500, '{"code":2004}'],
		[409, '{"code":2020}'],
		[200, '{"code":"content_rejected","message":"no"}'],
		[400, '{"code":"content_rejected"}'],
	])('%i %s', (status, body) => {
		const verdict = classify(status, body);
		expect(verdict).toMatchObject({ kind: 'refused', retryReason: undefined, fatal: undefined });
	});
});

describe('temporarily refused', () => {
	test.each([
		['busy', 429, '', {}],
		['busy', 429, HTML, { retryAfter: '7' }],
		['busy', 200, '{"code":429}', {}],
		['busy', 200, '{"code":"429"}', {}],
		['busy', 500, '{"code":429}', {}],
		['busy', 503, '', { retryAfter: '7' }],
		['busy', 503, HTML, { retryAfter: 'Fri, 02 Jan 2026 00:01:00 GMT' }],
		['busy', 503, '{"code":9}', { retryAfter: '0' }],
		['busy', 200, '{"code":1999}', { retryCodes: [7, 1999] }],
		['busy', 200, '{"code":" Queue-Full "}', { retryCodes: ['queue_full'] }],
		['busy', 402, '{"code":2007}', { retryCodes: [2007] }],
		['busy', 409, '{"code":1999}', { retryCodes: [1999] }],
		['busy', 400, '{"code":1999}', { retryCodes: [1999] }],
		['busy', 500, '{"code":1999}', { retryCodes: [1999] }],
		['token', 401, '', {}],
		['token', 401, HTML, {}],
		['token', 401, '{"code":1}', {}],
		['token', 200, '{"code":401}', {}],
		['token', 400, '{"code":401}', {}],
	])('%s: %i %s %j', (retryReason, status, body, more) => {
		expect(classify(status, body, more)).toMatchObject({ kind: 'refused', retryReason, fatal: undefined });
	});

	test.each([
		['7', 7_000],
		['Fri, 02 Jan 2026 00:01:00 GMT', 60_000],
		[undefined, undefined],
	])('keeps the requested delay: %s', (retryAfter, retryAfterMs) => {
		expect(classify(429, '', { retryAfter })).toMatchObject({ kind: 'refused', retryAfterMs });
	});
});

describe('refused and fatal for the run', () => {
	test.each([
		[200, '{"code":2007}'],
		[402, '{"code":2007}'],
		[500, '{"code":2007}'],
		[200, '{"code":"insufficient_credits","message":"no credits"}'],
		[402, '{"code":"Insufficient_Credits "}'],
		[500, '{"code":"trade_no_credits_available"}'],
		[200, '{"code":2031}'],
		[404, '{"code":"2031"}'],
	])('%i %s', (status, body) => {
		expect(classify(status, body)).toMatchObject({ kind: 'refused', retryReason: undefined, fatal: true });
	});
});

describe('uncertain: there may be a task', () => {
	test.each([
		[200, ''],
		[200, HTML],
		[200, 'null'],
		[200, '[]'],
		[200, '{}'],
		[200, '{"code":0}'],
		[200, '{"code":0,"result":{}}'],
		[200, '{"code":0,"result":{"task_id":null}}'],
		[200, '{"code":0,"result":{"task_id":["t"]}}'],
		[200, '{"code":null,"message":"ok"}'],
		[200, '{"__proto__":{"code":1}}'],
		[200, '{"message":"no Route matched"}'],
		[200, '{"code":0,"result":{"task_id":7.5}}'],
		[200, '{"code":0,"result":{"task_id":0}}'],
		[200, '{"code":"success","result":{}}'],
		[202, ''],
		[202, '{"code":5}'],
		[204, ''],
		[300, HTML],
		[303, ''],
		[304, ''],
		[400, '{"code":7,"result":{"task_id":"t-1"'],
		[200, '{"code":2007,"result":{"task_id":"t-1"}}'],
		[400, '{"code":1,"result":{"task_id":"t-1"}}'],
		[500, ''],
		[500, HTML],
		[500, '{"code":0}'],
		[500, '{"code":12345}'],
		[500, '{"code":"invalid_token"}'],
		[409, '{"code":"login_required"}'],
		[502, HTML],
		[504, ''],
		[520, HTML],
		[599, '{}'],
		[503, ''],
		[503, '{"code":0}'],
	])('%i %s', (status, body) => {
		expect(classify(status, body)).toHaveProperty('kind', 'uncertain');
	});

	test.each([402, 406, 407, 408, 409, 410, 412, 416, 417, 418, 421, 423, 424, 425, 426, 428, 451, 499])(
		'uncertain: HTTP %i may come after the task was created, with a page or an unknown code',
		(status) => {
			for (const body of ['', HTML, '{"code":0}', '{"code":1999}', '{"code":"odd"}']) expect(classify(status, body)).toHaveProperty('kind', 'uncertain');
		},
	);

	test.each([
		'{"code":5,"data":{"task_id":"x"}}',
		'{"code":5,"result":[{"task_id":"x"}]}',
		'{"code":5,"result":{"task":{"task_id":7}}}',
		'{"code":429,"result":{"sub_task_ids":["s1"]}}',
		'{"code":"200","data":{"taskId":"x"}}',
		'[{"code":0,"result":{"task_id":"x"}}]',
		'{"result":{"task_id":["x"]}}',
	])('uncertain: a refusal that mentions a task elsewhere: %s', (body) => {
		for (const status of [200, 400, 403, 429]) expect(classify(status, body)).toHaveProperty('kind', 'uncertain');
		expect(classify(503, body, { retryAfter: '1' })).toHaveProperty('kind', 'uncertain');
	});

	test.each([
		['{"code":0,"result":{"data":{"task_id":"t-9"}}}', 200],
		['{"code":5,"data":{"task_id":"t-9"}}', 400],
		['{"code":5,"sub_task_ids":["s-1"],"data":{"task_id":"t-9"}}', 400],
		['{"code":2001,"result":{"task_id":"t-9"}}', 200],
		['{"code":500,"result":{"task_id":"t-9"}}', 500],
	])('uncertain, with the task that the response mentions: %s', (body, status) => {
		expect(classify(status, body)).toMatchObject({ kind: 'uncertain', reason: { taskId: 't-9' } });
	});

	test('uncertain, without a task ID, if the response mentions a sub-task only', () => {
		expect(classify(200, '{"code":0,"result":{"sub_task_ids":["s-1"]}}')).toMatchObject({ kind: 'uncertain', reason: { code: 'noTaskId', taskId: undefined } });
	});

	test.each([301, 307, 400, 403, 429])('uncertain: HTTP %i contradicts a code that means success', (status) => {
		expect(classify(status, '{"code":0}')).toHaveProperty('kind', 'uncertain');
	});

	test('a success code among the retry codes refuses nothing', () => {
		for (const status of [200, 409, 500]) expect(classify(status, '{"code":0}', { retryCodes: [0] })).toHaveProperty('kind', 'uncertain');
	});

	test.each(['', ' ', 'soon', '-5', 'soon 3', '1,2'])('uncertain: 503 with an unreadable Retry-After: "%s"', (retryAfter) => {
		expect(classify(503, HTML, { retryAfter })).toHaveProperty('kind', 'uncertain');
	});

	test('Retry-After does not turn another status into a refusal', () => {
		expect(classify(502, HTML, { retryAfter: '7' })).toHaveProperty('kind', 'uncertain');
	});
});

function problemIn(verdict: Verdict) {
	if (verdict.kind === 'accepted') throw new Error('It was accepted');
	return errorInfoOf(verdict.reason);
}

describe('no response', () => {
	test.each([
		[{ code: 'noConnection', cause: 'refused' }, 'refused', 'noConnection'],
		[{ code: 'noToken', detail: 'no token: no connection', temporary: true }, 'refused', 'noConnection'],
		[{ code: 'noToken', detail: 'no token: bad key', temporary: false }, 'refused', undefined],
		[{ code: 'unreadable', detail: 'the file is gone' }, 'refused', undefined],
		[{ code: 'brokeBefore', cause: 'reset' }, 'refused', undefined],
		[{ code: 'brokeAfter', cause: 'idle' }, 'uncertain', undefined],
	] as const)('%j', (failure, kind, retryReason) => {
		const verdict = classifyTransportError(failure);
		expect(verdict).toMatchObject({ kind, ...(retryReason && { retryReason }) });
		expect(problemIn(verdict).message).toContain(failureText(failure));
		expect(problemIn(verdict).hint).not.toBe('');
		if (verdict.kind === 'refused') expect(verdict.retryReason).toBe(retryReason);
		if (verdict.kind === 'refused') expect(verdict.fatal).toBeUndefined();
	});

	test('after the last byte, the hint says to check first', () => {
		expect(problemIn(classifyTransportError({ code: 'brokeAfter', cause: 'idle' })).hint).toMatch(/Check your HiDream account/);
	});
});

describe('an incomplete response', () => {
	const flawed = (status: number, bodyError: 'broken' | 'tooLong', headers = {}) =>
		classifyResponse(parseResponse({ status, headers, json: null, bodyError }, 0), new Set());

	test.each([
		[200, 'broken', 'uncertain', /response that broke off\. The task may still have been created/],
		[200, 'tooLong', 'uncertain', /response that is longer than 8 MB\. The task may still have been created/],
		[500, 'broken', 'uncertain', /HTTP 500 and a response that broke off/],
		[502, 'tooLong', 'uncertain', /HTTP 502 and a response that is longer than 8 MB/],
		[400, 'broken', 'refused', /HTTP 400 and a response that broke off/],
		[413, 'tooLong', 'refused', /HTTP 413 and a response that is longer than 8 MB/],
		[302, 'broken', 'refused', /HTTP 302/],
	] as const)('HTTP %i, %s: %s', (status, flaw, kind, words) => {
		const verdict = flawed(status, flaw);
		expect(verdict.kind).toBe(kind);
		expect(problemIn(verdict).message).toMatch(words);
	});

	test('HTTP 503 with Retry-After is refused, whatever its body', () => {
		expect(flawed(503, 'broken', { 'retry-after': '1' })).toMatchObject({ kind: 'refused', retryReason: 'busy' });
	});
});
