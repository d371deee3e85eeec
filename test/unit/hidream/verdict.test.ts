/** The table of money, from the raw answer on: does a task exist now, surely not, or perhaps? */
import { parseAnswer } from '../../../nodes/hidream/answer';
import { judgeAnswer } from '../../../nodes/hidream/judgeAnswer';
import { vendorJson } from '../../../nodes/hidream/vendorJson';

const NOW = Date.UTC(2026, 0, 2);
const HTML = '<html><body>502 Bad Gateway</body></html>';
const TASK = '{"code":0,"result":{"task_id":"t-1","sub_task_ids":["s-1"]}}';

function judge(status: number, body: string, { retryAfter, retryCodes = [] }: { retryAfter?: string; retryCodes?: Array<number | string> } = {}) {
	const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
	const json = vendorJson(body);
	return judgeAnswer(parseAnswer({ status, headers, json, ...(json === null && { torn: body }) }, NOW), new Set(retryCodes.map(String)));
}

describe('accepted: there is a task_id', () => {
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
		expect(judge(status, body)).toEqual({ kind: 'accepted', taskId: 't-1', subTaskIds: ['s-1'] });
	});
});

describe('refused for good', () => {
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
		const verdict = judge(status, body);
		expect(verdict).toMatchObject({ kind: 'refused', passing: undefined, stopsRun: undefined });
	});
});

describe('refused for now', () => {
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
		['busy', 409, '{"code":1999}', { retryCodes: [1999] }],
		['busy', 400, '{"code":1999}', { retryCodes: [1999] }],
		['busy', 500, '{"code":1999}', { retryCodes: [1999] }],
		['token', 401, '', {}],
		['token', 401, HTML, {}],
		['token', 401, '{"code":1}', {}],
		['token', 200, '{"code":401}', {}],
		['token', 400, '{"code":401}', {}],
	])('%s: %i %s %j', (passing, status, body, more) => {
		expect(judge(status, body, more)).toMatchObject({ kind: 'refused', passing, stopsRun: undefined });
	});

	test.each([
		['7', 7_000],
		['Fri, 02 Jan 2026 00:01:00 GMT', 60_000],
		[undefined, undefined],
	])('the wait that the service asks for goes along: %s', (retryAfter, retryAfterMs) => {
		expect(judge(429, '', { retryAfter })).toMatchObject({ kind: 'refused', retryAfterMs });
	});
});

describe('refused, and nothing else of the run would fare better', () => {
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
		expect(judge(status, body)).toMatchObject({ kind: 'refused', passing: undefined, stopsRun: true });
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
		expect(judge(status, body)).toHaveProperty('kind', 'uncertain');
	});

	test.each([402, 406, 407, 408, 409, 410, 412, 416, 417, 418, 421, 423, 424, 425, 426, 428, 451, 499])(
		'HTTP %i may come after the task was created, with a page or with a code that nobody knows',
		(status) => {
			for (const body of ['', HTML, '{"code":0}', '{"code":1999}', '{"code":"odd"}']) expect(judge(status, body)).toHaveProperty('kind', 'uncertain');
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
	])('a refusal that mentions a task in any other place: %s', (body) => {
		for (const status of [200, 400, 403, 429]) expect(judge(status, body)).toHaveProperty('kind', 'uncertain');
		expect(judge(503, body, { retryAfter: '1' })).toHaveProperty('kind', 'uncertain');
	});

	test.each([301, 307, 400, 403, 429])('HTTP %i with a code that says yes contradicts itself', (status) => {
		expect(judge(status, '{"code":0}')).toHaveProperty('kind', 'uncertain');
	});

	test('a success among the retry codes refuses nothing', () => {
		for (const status of [200, 409, 500]) expect(judge(status, '{"code":0}', { retryCodes: [0] })).toHaveProperty('kind', 'uncertain');
	});

	test.each(['', ' ', 'soon', '-5', 'soon 3', '1,2'])('503 with a Retry-After that says nothing: "%s"', (retryAfter) => {
		expect(judge(503, HTML, { retryAfter })).toHaveProperty('kind', 'uncertain');
	});

	test('Retry-After makes no other status certain', () => {
		expect(judge(502, HTML, { retryAfter: '7' })).toHaveProperty('kind', 'uncertain');
	});
});
