/** User messages: what happened and what to do, for every reason. The messages of responses are tested with the verdicts. */
import { errorInfoOf, type Reason } from '../../../nodes/shared/messages/aboutErrors';

const SAID = { httpStatus: 200, vendorCode: 1999, vendorMessage: 'odd', requestId: 'req-9' };
const BUSY: Reason = { code: 'refused', httpStatus: 429, vendorCode: 429, vendorMessage: 'busy' };

test.each<[Reason, RegExp, RegExp]>([
	[{ code: 'interrupted' }, /earlier attempt was interrupted.*may still have been created/, /Check your HiDream account/],
	[{ code: 'keyUnresolved' }, /earlier request.*"Idempotency Key".*may still have been created/, /Check your HiDream account.*another key.*Submit Again/],
	[{ code: 'nodeFailed', detail: 'broken' }, /failed while it sent the video: broken/, /Check your HiDream account/],
	[{ code: 'keyNotRecorded', detail: 'the database is gone' }, /"Idempotency Key".*the database is gone.*did not send the video/, /database/],
	[{ code: 'keyTimeout', timeoutMs: 30_000 }, /"Idempotency Key".*did not respond for 30 s.*did not send/, /database/],
	[{ code: 'invalidInput', message: '"Video URL" has expired', hint: 'Create a new one.' }, /^"Video URL" has expired$/, /^Create a new one\.$/],
	[{ code: 'refusedTooLong', waitMs: 16_000, refusal: BUSY }, /^HiDream refused the video: "busy" \(code 429\)$/, /fewer tasks.*again in 16 s.*"Max Retry Time \(Minutes\)"/],
	[{ code: 'queuedTooLong', waitMs: 150_000, refusal: BUSY }, /not sent, because an earlier one was refused: HiDream refused the video: "busy"/, /^HiDream accepts requests from this account again in 3 min/],
	[{ code: 'refusedWithTask', ...SAID, taskId: 't-1' }, /"odd" \(code 1999\), but the response contains the task ID/, /Check your HiDream account/],
	[{ code: 'noTaskId', httpStatus: 200, vendorCode: 0 }, /contains no task ID/, /Check your HiDream account/],
	[{ code: 'unclearResponse', ...SAID, httpStatus: 500 }, /HTTP 500, "odd" \(code 1999\)\. The task may still/, /Check your HiDream account/],
	[{ code: 'cancelled' }, /^the execution was cancelled$/, /\.$/],
	[{ code: 'notSent', detail: 'blocked' }, /^n8n did not send the request: blocked$/, /n8n's own rules/],
	[{ code: 'notSent' }, /no reason given/, /\.$/],
	[{ code: 'noConnection', cause: 'refused' }, /^No connection to HiDream: the host refuses connections$/, /Base URL/],
	[{ code: 'noConnection', cause: 'refused', atProxy: true }, /the proxy opened no connection: the proxy refuses connections$/, /\.$/],
	[{ code: 'noConnection', cause: 'proxyRefused', proxyStatus: 407 }, /the proxy refused the connection \(HTTP 407\)$/, /user name and password.*HTTPS_PROXY/],
	[{ code: 'noConnection', cause: 'proxyRefused', proxyStatus: 403 }, /HTTP 403/, /does not allow the host.*NO_PROXY/],
	[{ code: 'accountNoResponse', failure: { code: 'brokeAfter', cause: 'bodyBroke' } }, /no readable response: the response broke off$/, /Base URL.*hidreamai\.com/],
	[{ code: 'accountNoResponse', failure: { code: 'noConnection', cause: 'timedOut' } }, /^No connection to HiDream: the host did not respond in time$/, /Base URL/],
	[{ code: 'accountRefused', ...SAID }, /does not accept videos at the moment: "odd" \(code 1999\)$/, /^Try again later\.$/],
	[{ code: 'accountRefused', ...SAID, httpStatus: 401 }, /^HiDream refused the token: "odd"/, /token or key/],
	[{ code: 'statusNoResponse', failure: { code: 'cancelled' } }, /could not be queried: the execution was cancelled$/, /Try again/],
])('%j', (reason, message, hint) => {
	expect(errorInfoOf(reason)).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
});

test('keeps HiDream\'s code and message, also if another item was refused', () => {
	expect(errorInfoOf({ code: 'refusedWithTask', ...SAID, taskId: 't-1' })).toMatchObject({ httpStatus: 200, vendorCode: 1999, vendorMessage: 'odd', requestId: 'req-9', taskId: 't-1' });
	expect(errorInfoOf({ code: 'refusedTooLong', waitMs: 1, refusal: BUSY })).toMatchObject({ httpStatus: 429, vendorCode: 429, vendorMessage: 'busy' });
	expect(errorInfoOf({ code: 'queuedTooLong', waitMs: 1, refusal: { ...BUSY, requestId: 'of another item' } })).toEqual({ message: expect.any(String) as string, hint: expect.any(String) as string, httpStatus: 429, vendorCode: 429, vendorMessage: 'busy', scope: 'account' });
});

const refusedWith = (httpStatus: number, vendorCode?: number | string) => ({ ...SAID, code: 'refused' as const, httpStatus, vendorCode });

test.each<[string, Reason, 'account' | undefined]>([
	['no credits', refusedWith(200, 2007), 'account'],
	['a token that is not accepted', refusedWith(200, 'token_expired'), 'account'],
	['billing that failed', refusedWith(200, 2004), 'account'],
	['a member level that is too low', refusedWith(200, 2020), undefined],
	['a code that is not known', refusedWith(200, 1042), undefined],
	['HTTP 400 with a code that is not known', refusedWith(400, 1042), undefined],
	['HTTP 403 without a code', refusedWith(403), 'account'],
	['a redirect', refusedWith(302), 'account'],
	['a video that is too large', refusedWith(413), undefined],
	['no connection', { code: 'noConnection', cause: 'refused' }, 'account'],
	['an upload that broke off', { code: 'brokeBefore', cause: 'reset' }, undefined],
	['no response to a whole request', { code: 'brokeAfter', cause: 'reset' }, undefined],
	['a key that n8n could not record', { code: 'keyNotRecorded', detail: 'locked' }, 'account'],
	['a key whose request is unresolved', { code: 'keyUnresolved' }, undefined],
])('%s: scope %p', (_, reason, scope) => {
	expect(errorInfoOf(reason).scope).toBe(scope);
});
