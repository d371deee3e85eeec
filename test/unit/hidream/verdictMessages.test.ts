/** What the user reads about a response of HiDream. */
import { parseResponse } from '../../../nodes/hidream/response';
import { vendorJson } from '../../../nodes/hidream/vendorJson';
import { classifyResponse } from '../../../nodes/hidream/verdict';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { errorInfoOf } from '../../../nodes/shared/messages/aboutErrors';

const classify = (status: number, body: string): Verdict =>
	classifyResponse(parseResponse({ status, headers: {}, json: vendorJson(body), ...(vendorJson(body) === null && { truncated: body }) }, 0), new Set());

function problemIn(verdict: Verdict) {
	if (verdict.kind === 'accepted') throw new Error('It was accepted');
	return errorInfoOf(verdict.reason);
}

test.each([
	[400, /parameters/],
	[401, /token or key/],
	[403, /account/],
	[404, /Base URL/],
	[413, /too large/],
	[429, /Tasks per Minute/],
])('HTTP %i from HiDream: the status, and its own advice', (status, advice) => {
	const errorInfo = problemIn(classify(status, '{"code":1999}'));
	expect(errorInfo).toMatchObject({ httpStatus: status, vendorCode: 1999, vendorMessage: undefined });
	expect(errorInfo.message).toContain(`HTTP ${status} (code 1999)`);
	expect(errorInfo.hint).toMatch(advice);
});

describe('a response that is not from HiDream has no hint about the account or the item', () => {
	test.each([
		[400, '<html>', 'a web page'],
		[401, '<!doctype html>', 'a web page'],
		[403, ' <html>', 'a web page'],
		[405, '<html>', 'a web page'],
		[403, '{"message":"no Route matched"}', 'JSON that is not from HiDream'],
		[404, '404 page not found', 'text that is not JSON'],
		[403, '', 'an empty response'],
		[413, '<html>', 'a web page'],
		[429, '<html>', 'a web page'],
		[200, '<html>', 'a web page'],
		[502, '<html>', 'a web page'],
	])('HTTP %i %s', (status, body, kind) => {
		const { message, hint } = problemIn(classify(status, body));
		expect(message).toMatch(/something between n8n and HiDream/i);
		expect(message).toContain(`HTTP ${status}`);
		expect(message).toContain(kind);
		expect(`${message} ${hint}`).not.toMatch(/parameters of this item|may not use|refused the video/);
		if (status < 500 && status !== 413 && status !== 429 && status !== 200) expect(hint).toMatch(/proxies, firewalls and the Base URL/);
	});

	test.each([
		[407, /proxy.*login/i, /HiDream account/],
		[302, /redirects/, /login page.*Base URL/],
		[413, /413/, /too large/],
		[429, /429/, /Tasks per Minute/],
		[401, /401/, /token or key.*proxies/],
	])('HTTP %i without a body', (status, what, advice) => {
		expect(problemIn(classify(status, '')).message).toMatch(what);
		expect(problemIn(classify(status, '')).hint).toMatch(advice);
	});
});

test.each([
	[2007, /credits/],
	['insufficient_credits', /credits/],
	[2004, /billing/],
	[2020, /member level/],
	[2031, /newer version/],
	[401, /token or key/],
	[429, /fewer/],
])('code %p has its own hint', (code, advice) => {
	expect(problemIn(classify(200, JSON.stringify({ code }))).hint).toMatch(advice);
});

test('keeps HiDream\'s code, message and request_id unchanged', () => {
	const errorInfo = problemIn(classify(400, JSON.stringify({ code: 1042, message: '<b>提示词</b>', request_id: 'req-9' })));
	expect(errorInfo).toMatchObject({ httpStatus: 400, vendorCode: 1042, vendorMessage: '<b>提示词</b>', requestId: 'req-9' });
	expect(errorInfo.message).toContain('<b>提示词</b>');
	expect(errorInfo.message).toContain('1042');
});

test('uncertain: the hint says to check first, since the task may be paid for', () => {
	for (const verdict of [classify(502, '<html>'), classify(200, ''), classify(200, '{"code":0}')]) {
		expect(verdict.kind).toBe('uncertain');
		expect(problemIn(verdict).hint).toMatch(/Check your HiDream account/);
	}
});

test('names a task that the response mentions in an unexpected field', () => {
	expect(problemIn(classify(500, '{"code":500,"data":{"task_id":"t-9"}}')).message).toMatch(/HTTP 500.*mentions the task t-9/);
});

test('names a task ID that comes with a refusal', () => {
	const errorInfo = problemIn(classify(200, '{"code":5,"message":"odd","result":{"task_id":"t-5"}}'));
	expect(errorInfo).toMatchObject({ taskId: 't-5', vendorCode: 5, vendorMessage: 'odd' });
	expect(errorInfo.message).toContain('contains the task ID');
});
