/** One submit to HiDream: its headers, its session, and the verdict. */
import { submitTask } from '../../../nodes/hidream/submitTask';
import type { Verdict } from '../../../nodes/hidream/verdict';
import type { Credential } from '../../../nodes/shared/credential';
import { BASE_URL, exchangedCredential, keyCredential, tokenCredential } from '../support/credentials';
import { fakeConnection, clientError, silence } from '../support/httpRequests';
import type { Reply } from '../support/httpRequests';
import { ManualUpload } from '../support/uploads';

const TASK = { statusCode: 200, body: '{"code":0,"result":{"task_id":"t-1","sub_task_ids":["s-1"]}}' };
const BASE = BASE_URL;

async function submit(replies: Reply[], { credential = tokenCredential(), ...more }: Partial<Parameters<typeof submitTask>[1]> & { credential?: Credential } = {}, cancel?: AbortSignal) {
	const { connection, seen } = fakeConnection(credential, ...replies);
	const request = { body: new ManualUpload().body, retryCodes: new Set<string>(), ...more };
	return { verdict: await submitTask(connection, request, cancel), seen };
}

test('it goes to the vendor\'s endpoint, and the vendor is asked for English', async () => {
	const { verdict, seen } = await submit([TASK]);
	expect(verdict).toEqual<Verdict>({ kind: 'accepted', taskId: 't-1', subTaskIds: ['s-1'] });
	expect(seen[0]?.options).toMatchObject({
		method: 'POST',
		url: `${BASE}/api-pub/gw/v2/video/video_edit/async`,
		headers: { 'X-accept-language': 'en' },
	});
});

test.each([undefined, ''])('no end user: no API-User-ID header (%p)', async (apiUserId) => {
	const { seen } = await submit([TASK], { apiUserId });
	expect(seen[0]?.options.headers).not.toHaveProperty('API-User-ID');
});

test('an end user', async () => {
	const { seen } = await submit([TASK], { apiUserId: 'user 7' });
	expect(seen[0]?.options.headers).toHaveProperty('API-User-ID', 'user 7');
});

test('an access token needs no exchange: n8n sees a session', async () => {
	const { seen } = await submit([TASK]);
	expect(seen[0]?.sessionToken).not.toBe('');
});

test.each([
	['none', keyCredential()],
	['one of another account', { ...exchangedCredential(), apiKey: 'another-key' }],
	['one that has run out', exchangedCredential({ issuedAt: 1, expiresAt: 1_000_000 })],
	['one that is none', keyCredential({ sessionToken: '{"token"' })],
])('an API key with a stored session that cannot be used (%s): n8n sees none, and exchanges', async (_, credential) => {
	const { seen } = await submit([TASK], { credential });
	expect(seen[0]?.sessionToken).toBe('');
});

test('an API key with a good session: n8n keeps it', async () => {
	const credential = exchangedCredential();
	const { seen } = await submit([TASK], { credential });
	expect(seen[0]?.sessionToken).toContain('session-token');
});

test('the codes that the user says will pass, pass', async () => {
	const answer = { statusCode: 200, body: '{"code":1999}' };
	expect((await submit([answer])).verdict).toMatchObject({ kind: 'refused', retryReason: undefined });
	expect((await submit([answer], { retryCodes: new Set(['1999']) })).verdict).toMatchObject({ retryReason: 'busy' });
});

test('Retry-After as a date counts from now', async () => {
	jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 2, 3, 4, 5));
	const { verdict } = await submit([{ statusCode: 429, headers: { 'retry-after': 'Fri, 02 Jan 2026 04:04:05 GMT' } }]);
	jest.restoreAllMocks();
	expect(verdict).toMatchObject({ kind: 'refused', retryAfterMs: 3_600_000 });
});

test('no answer after the whole request: uncertain, and nothing is asked', async () => {
	const upload = new ManualUpload();
	upload.handedOver = true;
	const { verdict, seen } = await submit([clientError('ECONNRESET')], { body: upload.body });
	expect(verdict.kind).toBe('uncertain');
	expect(seen).toHaveLength(1);
});

describe('an upload that broke off: was it the token?', () => {
	const broken = clientError('EPIPE');

	test('it was: one try with a fresh one', async () => {
		const { verdict, seen } = await submit([broken, { statusCode: 401 }]);
		expect(verdict).toMatchObject({ kind: 'refused', retryReason: 'token', reason: { code: 'refused', httpStatus: 401 } });
		expect(seen[1]?.options).toMatchObject({ method: 'GET', url: `${BASE}/api-pub/gw/v2/video/video_edit/async/results` });
		expect(seen[1]?.options.body).toBeUndefined();
	});

	test.each<[string, Reply]>([
		['a good token', { statusCode: 200, body: '{"code":0}' }],
		['another refusal', { statusCode: 403 }],
		['a fault', { statusCode: 500 }],
		['no connection', clientError('ECONNREFUSED')],
	])('it was not, or nobody knows: %s', async (_, reply) => {
		const { verdict } = await submit([broken, reply]);
		expect(verdict).toMatchObject({ kind: 'refused', reason: { code: 'brokeBefore' } });
		expect(verdict).not.toHaveProperty('retryReason', 'token');
	});

	test('after a cancel nothing is asked', async () => {
		const { verdict, seen } = await submit([silence], {}, AbortSignal.abort());
		expect(verdict.kind).toBe('refused');
		expect(seen).toHaveLength(1);
	});
});
