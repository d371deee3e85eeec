/** One submit to HiDream: its headers, and the verdict. */
import { Readable } from 'node:stream';
import { submitTask } from '../../../nodes/hidream/submitTask';
import type { Verdict } from '../../../nodes/hidream/verdict';
import type { Credential } from '../../../nodes/shared/credential';
import { BASE_URL, tokenCredential } from '../support/credentials';
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

test('sends to HiDream\'s endpoint and requests English', async () => {
	const { verdict, seen } = await submit([TASK]);
	expect(verdict).toEqual<Verdict>({ kind: 'accepted', taskId: 't-1', subTaskIds: ['s-1'] });
	expect(seen[0]?.options).toMatchObject({
		method: 'POST',
		url: `${BASE}/api-pub/gw/v2/video/video_edit/async`,
		headers: { 'X-accept-language': 'en' },
	});
});

test.each([undefined, ''])('omits the API-User-ID header without an end user (%p)', async (apiUserId) => {
	const { seen } = await submit([TASK], { apiUserId });
	expect(seen[0]?.options.headers).not.toHaveProperty('API-User-ID');
});

test('sends the end user', async () => {
	const { seen } = await submit([TASK], { apiUserId: 'user 7' });
	expect(seen[0]?.options.headers).toHaveProperty('API-User-ID', 'user 7');
});

test('treats the user\'s retry codes as temporary', async () => {
	const response = { statusCode: 200, body: '{"code":1999}' };
	expect((await submit([response])).verdict).toMatchObject({ kind: 'refused', retryReason: undefined });
	expect((await submit([response], { retryCodes: new Set(['1999']) })).verdict).toMatchObject({ retryReason: 'busy' });
});

test('a Retry-After date is relative to now', async () => {
	jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 2, 3, 4, 5));
	const { verdict } = await submit([{ statusCode: 429, headers: { 'retry-after': 'Fri, 02 Jan 2026 04:04:05 GMT' } }]);
	jest.restoreAllMocks();
	expect(verdict).toMatchObject({ kind: 'refused', retryAfterMs: 3_600_000 });
});

test('no response after the whole request: uncertain, without a token query', async () => {
	const upload = new ManualUpload();
	upload.handedOver = true;
	const { verdict, seen } = await submit([clientError('ECONNRESET')], { body: upload.body });
	expect(verdict.kind).toBe('uncertain');
	expect(seen).toHaveLength(1);
});

describe('after an interrupted upload, queries whether the token is valid', () => {
	const broken = clientError('EPIPE');

	const cutOff = Readable.from(
		(async function* () {
			await Promise.resolve();
			yield Buffer.from('{"co');
			throw new Error('The response broke off');
		})(),
	);

	test.each([
		['', { statusCode: 401 }],
		[', in a response that breaks off', { statusCode: 401, body: cutOff }],
	])('invalid%s: one attempt with a new token', async (_, response) => {
		const { verdict, seen } = await submit([broken, response]);
		expect(verdict).toMatchObject({ kind: 'refused', retryReason: 'token', reason: { code: 'refused', httpStatus: 401 } });
		expect(seen[1]?.options).toMatchObject({ method: 'GET', url: `${BASE}/api-pub/gw/v2/video/video_edit/async/results` });
		expect(seen[1]?.options.body).toBeUndefined();
	});

	test.each<[string, Reply]>([
		['a valid token', { statusCode: 200, body: '{"code":0}' }],
		['another refusal', { statusCode: 403 }],
		['a fault', { statusCode: 500 }],
		['no connection', clientError('ECONNREFUSED')],
	])('valid or unknown: %s', async (_, reply) => {
		const { verdict } = await submit([broken, reply]);
		expect(verdict).toMatchObject({ kind: 'refused', reason: { code: 'brokeBefore' } });
		expect(verdict).not.toHaveProperty('retryReason', 'token');
	});

	test('cancelled: sends no query', async () => {
		const { verdict, seen } = await submit([silence], {}, AbortSignal.abort());
		expect(verdict.kind).toBe('refused');
		expect(seen).toHaveLength(1);
	});
});
