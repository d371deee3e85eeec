/** Parsing a response: text and numbers of the right type, or nothing, whatever the body is. */
import { parseResponse, parseRetryAfter } from '../../../nodes/hidream/response';
import { vendorJson } from '../../../nodes/hidream/vendorJson';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const parse = (body: string, headers = {}) => parseResponse({ status: 200, headers, json: vendorJson(body) }, NOW);
const NOTHING = { httpStatus: 200, subTaskIds: [], body: expect.any(String) as string };
const SAID = { httpStatus: 200, subTaskIds: [] };

test('reads the response of HiDream\'s manual', () => {
	const body = {
		code: 0,
		message: '请求成功',
		request_id: 'req-1',
		result: { task_id: 'task-1', sub_task_ids: ['sub-1', 'sub-2'] },
	};
	expect(parse(JSON.stringify(body))).toEqual({
		httpStatus: 200,
		vendorCode: 0,
		vendorMessage: '请求成功',
		requestId: 'req-1',
		taskId: 'task-1',
		subTaskIds: ['sub-1', 'sub-2'],
	});
});

describe('a truncated response', () => {
	const truncated = (text: string) => parseResponse({ status: 200, headers: {}, json: null, truncated: text, bodyError: 'broken' }, NOW);

	test.each([
		'{"code":0,"message":"ok","request_id":"r","result":{"task_id":"task-1"',
		'{"code": 0, "result": {"sub_task_ids": ["s"], "task_id": "task-1", "oth',
		'\n{\n  "code" : 0 ,\n  "result" : {\n    "task_id" : "task-1" ,\n    "sub',
		' { "code" : " 0 " , "result" : { "task_id" : "task-1"',
	])('names a complete task ID, which is paid for: %s', (text) => {
		expect(truncated(text)).toMatchObject({ vendorCode: 0, taskId: 'task-1' });
	});

	test.each([
		'{"code":0,"message":"ok","result":{"task_id":"task-',
		'{"code":2007,"message":"no","result":{"task_id":"task-1"',
		'{"message":"ok","result":{"task_id":"task-1"',
		'{"code":0,"echo":{"result":{"task_id":"task-1"',
		'{"code":0,"message":"{","result":{"task_id":"task-1"',
		'<html>{"code":0,"result":{"task_id":"task-1"}',
		'',
	])('means no more than it says: %s', (text) => {
		const { mentionsTask, mentionedTaskId, ...rest } = truncated(text);
		expect(rest).toEqual({ ...NOTHING, body: 'broken' });
		expect(mentionsTask).toBe(text.includes('task_id') ? true : undefined);
		expect(mentionedTaskId).toBe(text.includes('"task-1"') ? 'task-1' : undefined);
	});

	test.each([
		['{"code":"0","result":{"task_id":"task-1"', 'task-1'],
		['{"code":0,"result":{"task_id":1234567890123456789,', '1234567890123456789'],
	])('names a task with a code in text, or a number as its ID: %s', (text, taskId) => {
		expect(truncated(text)).toMatchObject({ vendorCode: 0, taskId });
	});

	test.each([
		['{ "main_task_id" : "task-1"', 'task-1'],
		['{ "task_id" : 7,', '7'],
		['{ "task_id" : 7', undefined],
		['{ "task_id" : "abc', undefined],
		['{ "task_id" : "null"', undefined],
		['{"result":{"task_id":"task-1","sub_task_ids":[]},"code":0', 'task-1'],
	])('mentions a task: %s', (text, mentionedTaskId) => {
		const found = truncated(text);
		expect([found.mentionsTask, found.mentionedTaskId]).toEqual([true, mentionedTaskId]);
	});

	test('an incomplete number is not an ID', () => {
		expect(truncated('{"code":0,"result":{"task_id":12345')).toMatchObject({ mentionsTask: true });
	});
});

test.each([
	'',
	' ',
	'null',
	'true',
	'0',
	'12',
	'"text"',
	'"{\\"code\\":0}"',
	'[]',
	'{}',
	'{"code":0',
	'{"code":0,"result":{"task_id":"t"}} trailing',
	"{'code':0,'result':{'task_id':'t'}}",
	'undefined',
	'NaN',
	'<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>',
	'\u0000\u0001',
	'{"__proto__":{"code":0,"result":{"task_id":"t"}}}',
	'{"constructor":{"code":0},"prototype":{"code":0}}',
	'[[[[[[[[[[',
])('a body that is not the API\'s JSON has no content: %s', (body) => {
	expect(parse(body)).toEqual(NOTHING);
});

test('keeps a numeric or long task ID complete: otherwise the task would be lost', () => {
	expect(parse('{"message":7,"request_id":7,"result":{"task_id":7}}')).toEqual({ ...NOTHING, vendorMessage: '7', requestId: '7', taskId: '7' });
	const long = 'x'.repeat(2_000);
	expect(parse(`{"result":{"task_id":"${long}"}}`)).toEqual({ ...NOTHING, taskId: long });
});

test('a body cannot pollute prototypes', () => {
	parse('{"__proto__":{"polluted":1},"result":{"__proto__":{"polluted":1},"task_id":"t"}}');
	expect({}).not.toHaveProperty('polluted');
});

test.each([
	['0', 0],
	['2007', 2007],
	['-1', -1],
	['"0"', 0],
	['"2007"', 2007],
	['"-7"', -7],
	['1.5', 1.5],
	['"1.5"', 1.5],
	['" 0 "', 0],
	['"00"', 0],
	['"0.0"', 0],
	['"+0"', 0],
	['"0x0"', '0x0'],
	['"٣"', '٣'],
	['" insufficient_credits "', 'insufficient_credits'],
	['"12345678901234567890"', '12345678901234567890'],
	['12345678901234567890', '12345678901234567890'],
])('code %s is %p', (code, expected) => {
	expect(parse(`{"code":${code}}`)).toEqual({ ...SAID, vendorCode: expected });
});

test.each(['""', '"  "', 'null', 'true', 'false', '[0]', '{"value":0}', '1e999'])('code %s is no code', (code) => {
	expect(parse(`{"code":${code}}`)).toEqual(NOTHING);
});

test.each([
	['1234567890123456789', '1234567890123456789'],
	['9007199254740993', '9007199254740993'],
	['9007199254740991', '9007199254740991'],
	['" task-1 "', 'task-1'],
	['1e3', '1000'],
])('task_id %s becomes the ID %s', (written, taskId) => {
	for (const at of [`"result":{"task_id":${written}}`, `"result":{"main_task_id":${written}}`, `"main_task_id":${written}`, `"task_id": ${written}\n`]) {
		expect(parse(`{"code":0,"message":"\\" 9007199254740993",${at}}`)).toEqual({ ...SAID, vendorCode: 0, vendorMessage: '" 9007199254740993', taskId });
	}
});

test.each(['0', '-7', '7.5', '1.5e300', '1234567890123456789.5', '1.2345678901234567e18', '"  "', '"null"', '{}', 'true', 'null'])(
	'task_id %s is no ID: a wrong one would lose the task',
	(written) => expect(parse(`{"code":0,"result":{"task_id":${written}}}`)).toEqual({ ...SAID, vendorCode: 0 }),
);

test('parses a result that is JSON in a text, with every digit', () => {
	const result = JSON.stringify('{"task_id":1234567890123456789}');
	expect(parse(`{"code":0,"result":${result}}`)).toMatchObject({ vendorCode: 0, taskId: '1234567890123456789' });
	const redact = (text: string) => text.replaceAll('secret', '***');
	const spelled = JSON.stringify({ result: '{"a":"\\u0073ecret"}' });
	expect(vendorJson(spelled, redact)).toEqual({ result: { a: '***' } });
});

test('finds long integers in one pass over 800 kB', () => {
	const text = `{"a":"${'\\"9007199254740993'.repeat(30_000)}","b":[${'9007199254740993,'.repeat(10_000)}1]}`;
	const { a, b } = vendorJson(text) as { a: string; b: unknown[] };
	expect([a.length, b.length, b[0]]).toEqual([30_000 * 17, 10_001, '9007199254740993']);
	expect(vendorJson(`${'\\"'.repeat(400_000)}1234567890123456`)).toBeNull();
});

test.each(['null', '{}', '[]', 'true', '""'])('text that is %s counts as missing', (value) => {
	const body = `{"message":${value},"request_id":${value},"result":{"task_id":${value}}}`;
	expect(parse(body)).toEqual(NOTHING);
});

test.each(['null', '[]', '"t"', '7'])('a result that is %s names no task', (result) => {
	expect(parse(`{"code":0,"result":${result}}`)).toEqual({ ...SAID, vendorCode: 0 });
});

test.each([
	['null', []],
	['"sub"', ['sub']],
	['7', ['7']],
	['{"0":"sub","length":1}', []],
	['["a",1,null,{},["b"],"c",1234567890123456789]', ['a', '1', 'c', '1234567890123456789']],
])('reads sub_task_ids that are %s', (ids, expected) => {
	expect(parse(`{"result":{"task_id":"t","sub_task_ids":${ids}}}`)).toMatchObject({ taskId: 't', subTaskIds: expected });
});

test('truncates a long message', () => {
	const { vendorMessage } = parse(JSON.stringify({ message: 'x'.repeat(5_000_000) }));
	expect(vendorMessage).toMatch(/^x+$/);
	expect(vendorMessage?.length).toBeLessThanOrEqual(1_000);
});

describe('Retry-After', () => {
	test.each([
		['0', 0],
		['7', 7_000],
		[' 7 ', 7_000],
		['1.5', 1_500],
		['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
		['Friday, 02-Jan-26 03:05:05 GMT', 60_000],
		['Fri, 02 Jan 2026 03:03:05 GMT', 0],
	])('%s is %i ms', (header, expected) => {
		expect(parseRetryAfter(header, NOW)).toBe(expected);
	});

	test.each(['', ' ', 'soon', 'in 2 minutes', 'never', '7s', 'NaN', 'Infinity', undefined, null, 7, ['7'], {}])(
		'%p is no delay',
		(header) => expect(parseRetryAfter(header, NOW)).toBeUndefined(),
	);

	test.each(['-5', 'soon 3', '1,2', 'retry 10', '2 3'])('%s is neither seconds nor a date', (header) => {
		expect(parseRetryAfter(header, NOW)).toBeUndefined();
	});

	test('reads the header', () => {
		expect(parse('{}', { 'retry-after': '3' })).toEqual({ ...NOTHING, retryAfterMs: 3_000 });
	});
});
