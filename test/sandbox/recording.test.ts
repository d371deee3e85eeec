/** A recording of the real service: the stand-in gives its answers, and the live check finds them again. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWERS, type Recorded, type Recording, type Sandbox } from '../../sandbox';
import { readRecording } from '../../sandbox/recording';
import { check, standIn } from './liveSupport';
import { open, VIDEO_URL, type Bench } from './support';

jest.setTimeout(60_000);

const NO_TASK = '00000000-0000-0000-0000-000000000000';
const gave = (status: number, body: unknown, more: Partial<Extract<Recorded, { asked: true }>> = {}, headers: Record<string, string> = {}): Recorded => ({
	asked: true,
	agrees: false,
	says: '',
	answer: { status, headers, body },
	...more,
});

/** A service that does everything in another way than the stand-in by itself. */
const ODD: Recording = {
	recordedAt: '2030-01-02T03:04:05.000Z',
	baseUrl: 'https://hidream.example.com',
	answers: {
		badToken: gave(200, { code: 9401, message: 'token is wrong', request_id: 'r', extra: { hint: 'log in' } }),
		badApiKey: gave(403, { code: 9402, message: 'key is wrong' }),
		unknownTask: gave(200, { code: 0, message: 'ok', request_id: 'r', result: { task_id: NO_TASK, sub_task_results: [] } }),
		unknownInBatch: gave(200, {}, { found: 'empty' }),
		largestUpload: gave(400, '<html>too large</html>', { found: 64 * 1024 * 1024 }, { 'content-type': 'text/html' }),
		rateLimit: gave(200, { code: 9429, message: 'slower' }, {}, { 'retry-after': '7' }),
		parallelLimit: gave(503, { code: 9503, message: 'busy' }),
		noCredits: gave(402, { code: 9007, message: 'pay' }),
		refusedPrompt: gave(451, { code: 9451, message: 'no' }),
		sameRequestId: gave(200, {}, { found: 'one' }),
		callback: gave(200, {}, { found: 'v3' }),
		video: { asked: false, why: 'no task' },
	},
};

let sandbox: Sandbox | undefined;
let bench: Bench | undefined;
afterEach(async () => {
	await sandbox?.close();
	await bench?.close();
	[sandbox, bench] = [undefined, undefined];
});

const good = { video_name: VIDEO_URL, style: 'anime' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('refusals have the recorded status, code, message and shape, with a request_id of their own', async () => {
	bench = await open({ recording: ODD });
	const refused = await bench.submit({ ...good, request_id: 'mine' }, bearer('wrong'));
	expect([refused.status, refused.json()]).toEqual([200, { code: 9401, message: 'token is wrong', request_id: expect.any(String) as string, extra: { hint: 'log in' } }]);
	expect(refused.json().request_id).not.toBe('r');
	const { accessToken } = bench.sandbox.addAccount({ credits: 0 });
	const unpaid = await bench.submit(good, bearer(accessToken));
	expect([unpaid.status, unpaid.json()]).toEqual([402, { code: 9007, message: 'pay' }]);
	const forbidden = await bench.submit({ ...good, prompt: '[forbidden]' });
	expect([forbidden.status, forbidden.json().code]).toEqual([451, 9451]);
	expect(bench.sandbox.tasks).toEqual([]);
});

test('limits, with what the service asked to wait; what is no JSON comes as it came', async () => {
	bench = await open({ recording: ODD, tasksPerMinute: 1 });
	await bench.task();
	const limited = await bench.submit(good);
	expect([limited.status, limited.json().code, limited.headers['retry-after']]).toEqual([200, 9429, '7']);
	await bench.close();
	bench = await open({ recording: ODD, maxBodyBytes: 10 });
	const large = await bench.submit(good);
	expect([large.status, large.text, large.headers['content-type']]).toEqual([400, '<html>too large</html>', 'text/html']);
});

test('an unknown task is answered about itself', async () => {
	bench = await open({ recording: ODD });
	const { send, sandbox: running } = bench;
	const answer = await send(`/api-pub/gw/v2/video/video_edit/async/results?task_id=elsewhere`, { headers: bearer(running.accessToken) });
	expect(answer.json()).toMatchObject({ code: 0, result: { task_id: 'elsewhere', sub_task_results: [] } });
});

test('what was not recorded stays as it was, and what is set beats the recording', async () => {
	bench = await open({ recording: ODD, sameRequestId: 'two' });
	expect((await bench.submit({ ...good, style: 'oil' })).json().code).toBe(ANSWERS.badStyle.code);
	const ids = [await bench.task({ request_id: 'r-1' }), await bench.task({ request_id: 'r-1' })];
	expect(new Set(ids).size).toBe(2);
});

test.each([
	['free', 'parallelLimit'],
	['level4', 'rateLimit'],
] as const)('the live check finds a recorded service again (%s)', async (accountLevel, limit) => {
	sandbox = await standIn({ recording: ODD, accountLevel, ...(limit === 'parallelLimit' && { tasksPerMinute: 0 }) });
	const { answer } = await check(sandbox, { pace: { announced: 1_000 }, subject: { refusedPrompt: '[forbidden]' } });
	for (const question of ['badToken', 'badApiKey', limit, 'refusedPrompt']) {
		const { status, body } = (ODD.answers[question] as Extract<Recorded, { asked: true }>).answer ?? {};
		const given = { ...(body as object), ...('request_id' in (body as object) && { request_id: expect.any(String) as unknown }) };
		expect(answer(question)).toMatchObject({ asked: true, answer: { status, body: given } });
	}
	expect(answer('unknownInBatch')).toMatchObject({ found: 'empty' });
	expect(answer('sameRequestId')).toMatchObject({ found: 'one' });
	expect(answer('largestUpload')).toMatchObject({ asked: true, agrees: false, found: 64 * 1024 * 1024, answer: { status: 400, body: '<html>too large</html>' } });
	expect(answer('unknownTask')).toMatchObject({ asked: true, answer: { body: { result: { task_id: NO_TASK } } } });
});

test('what one stand-in was found to do, another one does', async () => {
	sandbox = await standIn({ accountLevel: 'level4', sameRequestId: 'refuse', unknownInBatch: 'refuse', maxBodyBytes: 20 * 1024 * 1024 });
	const { recording } = await check(sandbox, { pace: { announced: 1_000 } });
	await sandbox.close();
	sandbox = await standIn({ accountLevel: 'level4', recording });
	const again = await check(sandbox, { pace: { announced: 1_000 } });
	for (const question of ['sameRequestId', 'unknownInBatch', 'largestUpload', 'rateLimit', 'badToken']) {
		expect(again.answer(question)).toMatchObject({ ...recording.answers[question], answer: expect.anything() as unknown });
	}
});

test('a file is read, and one that is none is named', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'recording-'));
	const file = join(folder, 'answers.json');
	await writeFile(file, JSON.stringify(ODD));
	expect(readRecording(file)).toEqual(ODD);
	await writeFile(file, '{}');
	expect(() => readRecording(file)).toThrow(`${file} is no recording`);
	await rm(folder, { recursive: true });
});
