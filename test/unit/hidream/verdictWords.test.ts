/** What a verdict tells the user: what happened, in the vendor's words too, and what to do. */
import { parseAnswer } from '../../../nodes/hidream/answer';
import { judgeAnswer } from '../../../nodes/hidream/judgeAnswer';
import { judgeFailure } from '../../../nodes/hidream/verdict';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { vendorJson } from '../../../nodes/hidream/vendorJson';

const judge = (status: number, body: string): Verdict =>
	judgeAnswer(parseAnswer({ status, headers: {}, json: vendorJson(body), ...(vendorJson(body) === null && { torn: body }) }, 0), new Set());

function problemIn(verdict: Verdict) {
	if (verdict.kind === 'accepted') throw new Error('It was accepted');
	return verdict.problem;
}

test.each([
	[400, /parameters/],
	[401, /token or key/],
	[403, /account/],
	[404, /Base URL/],
	[413, /too large/],
	[429, /Tasks per Minute/],
])('HTTP %i from HiDream: the status, and its own advice', (status, advice) => {
	const problem = problemIn(judge(status, '{"code":1999}'));
	expect(problem).toMatchObject({ httpStatus: status, code: 1999, vendorMessage: undefined });
	expect(problem.what).toContain(`HTTP ${status} (code 1999)`);
	expect(problem.advice).toMatch(advice);
});

describe('a response that is not from HiDream blames neither the account nor the item', () => {
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
		const { what, advice } = problemIn(judge(status, body));
		expect(what).toMatch(/something between n8n and HiDream/i);
		expect(what).toContain(`HTTP ${status}`);
		expect(what).toContain(kind);
		expect(`${what} ${advice}`).not.toMatch(/parameters of this item|may not use|refused the video/);
		if (status < 500 && status !== 413 && status !== 429 && status !== 200) expect(advice).toMatch(/proxies, firewalls and the Base URL/);
	});

	test.each([
		[407, /proxy.*login/i, /HiDream account/],
		[302, /redirects/, /login page.*Base URL/],
		[413, /413/, /too large/],
		[429, /429/, /Tasks per Minute/],
		[401, /401/, /token or key.*proxies/],
	])('HTTP %i without a body', (status, what, advice) => {
		expect(problemIn(judge(status, '')).what).toMatch(what);
		expect(problemIn(judge(status, '')).advice).toMatch(advice);
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
])('code %p: its own advice', (code, advice) => {
	expect(problemIn(judge(200, JSON.stringify({ code }))).advice).toMatch(advice);
});

test('the vendor\'s code, message and request_id go along as they came', () => {
	const problem = problemIn(judge(400, JSON.stringify({ code: 1042, message: '<b>提示词</b>', request_id: 'req-9' })));
	expect(problem).toMatchObject({ httpStatus: 400, code: 1042, vendorMessage: '<b>提示词</b>', requestId: 'req-9' });
	expect(problem.what).toContain('<b>提示词</b>');
	expect(problem.what).toContain('1042');
});

test('uncertain: look first, since it may have been paid for', () => {
	for (const verdict of [judge(502, '<html>'), judge(200, ''), judge(200, '{"code":0}')]) {
		expect(verdict.kind).toBe('uncertain');
		expect(problemIn(verdict).advice).toMatch(/Check your HiDream account/);
	}
});

test('a task named beside a no: the user is told which', () => {
	const problem = problemIn(judge(200, '{"code":5,"message":"odd","result":{"task_id":"t-5"}}'));
	expect(problem).toMatchObject({ taskId: 't-5', code: 5, vendorMessage: 'odd' });
	expect(problem.what).toContain('named a task');
});

describe('no answer at all', () => {
	test.each([
		[{ kind: 'noConnection', reason: 'the host refuses connections' }, 'refused', 'noConnection'],
		[{ kind: 'noToken', reason: 'no token: no connection', unreachable: true }, 'refused', 'noConnection'],
		[{ kind: 'noToken', reason: 'no token: bad key', unreachable: false }, 'refused', undefined],
		[{ kind: 'unreadable', reason: 'the file is gone' }, 'refused', undefined],
		[{ kind: 'brokeBefore', reason: 'the connection was reset' }, 'refused', undefined],
		[{ kind: 'brokeAfter', reason: 'nothing moved for a minute' }, 'uncertain', undefined],
	] as const)('%j', (failure, kind, passing) => {
		const verdict = judgeFailure(failure);
		expect(verdict).toMatchObject({ kind, ...(passing && { passing }) });
		expect(verdict.problem.what).toContain(failure.reason);
		expect(verdict.problem.advice).not.toBe('');
		if (verdict.kind === 'refused') expect(verdict.passing).toBe(passing);
		if (verdict.kind === 'refused') expect(verdict.stopsRun).toBeUndefined();
	});

	test('after the last byte: look first', () => {
		expect(judgeFailure({ kind: 'brokeAfter', reason: 'silence' }).problem.advice).toMatch(/Check your HiDream account/);
	});
});

describe('an answer that could not be read to its end', () => {
	const flawed = (status: number, flaw: 'broken' | 'tooLong', headers = {}) =>
		judgeAnswer(parseAnswer({ status, headers, json: null, flaw }, 0), new Set());

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
		expect(problemIn(verdict).what).toMatch(words);
	});

	test('HTTP 503 with Retry-After is refused whatever its body', () => {
		expect(flawed(503, 'broken', { 'retry-after': '1' })).toMatchObject({ kind: 'refused', passing: 'busy' });
	});
});
