/** What a verdict tells the user: what happened, in the vendor's words too, and what to do. */
import { parseAnswer } from '../../../nodes/hidream/answer';
import { judgeAnswer } from '../../../nodes/hidream/judgeAnswer';
import { judgeFailure } from '../../../nodes/hidream/verdict';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { vendorJson } from '../../../nodes/hidream/vendorJson';

const judge = (status: number, body: string): Verdict =>
	judgeAnswer(parseAnswer({ status, headers: {}, json: vendorJson(body) }, 0), new Set());

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
	[302, /Base URL/],
])('HTTP %i: the status, and its own advice', (status, advice) => {
	const problem = problemIn(judge(status, '<html>'));
	expect(problem).toMatchObject({ httpStatus: status, code: undefined, vendorMessage: undefined });
	expect(problem.what).toContain(String(status));
	expect(problem.advice).toMatch(advice);
});

test.each([
	[2007, /credits/],
	[2004, /billing/],
	[2031, /newer version/],
	[401, /token or key/],
	[429, /fewer/],
])('code %i: its own advice', (code, advice) => {
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
		expect(problemIn(verdict).advice).toMatch(/Look in your HiDream account/);
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
		expect(judgeFailure({ kind: 'brokeAfter', reason: 'silence' }).problem.advice).toMatch(/Look in your HiDream account/);
	});
});

describe('an answer that could not be read to its end', () => {
	const flawed = (status: number, flaw: 'broken' | 'tooLong', headers = {}) =>
		judgeAnswer(parseAnswer({ status, headers, json: null, flaw }, 0), new Set());

	test.each([
		[200, 'broken', 'uncertain', /answer that broke off, and the task may exist/],
		[200, 'tooLong', 'uncertain', /answer that is longer than 8 MB, and the task may exist/],
		[500, 'broken', 'uncertain', /HTTP 500, with an answer that broke off/],
		[502, 'tooLong', 'uncertain', /HTTP 502, with an answer that is longer than 8 MB/],
		[400, 'broken', 'refused', /HTTP 400, with an answer that broke off/],
		[413, 'tooLong', 'refused', /HTTP 413, with an answer that is longer than 8 MB/],
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
