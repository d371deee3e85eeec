/** `npm run check:live` against the fake HiDream server: it finds the behavior that the server is configured with, also if the code assumes otherwise. */
import { freePort } from '../../harness/freePort';
import { RESPONSES, DEFAULT_SETTINGS, type Sandbox, type SandboxSettings } from '../../sandbox';
import { allAgree } from '../../scripts/live/check';
import { liveCheck, startFakeServer, type Options } from './liveSupport';

jest.setTimeout(60_000);

let sandbox: Sandbox;
const start = async (settings: Partial<SandboxSettings> = {}) => (sandbox = await startFakeServer(settings));
afterEach(async () => await sandbox.close());

const SUBMIT = '/api-pub/gw/v2/video/video_edit/async';
const asked = (agrees: boolean, says: string, more: object = {}) => ({ asked: true, agrees, says: expect.stringContaining(says) as string, ...more });
const left = (why: string) => ({ asked: false, why: expect.stringContaining(why) as string });

test('free requests create no task, send no complete submit with the token, and the report says why the rest was skipped', async () => {
	await start({ maxBodyBytes: DEFAULT_SETTINGS.maxBodyBytes });
	const { answer, recording } = await liveCheck(sandbox, { pay: false, subject: { apiKey: sandbox.apiKey } });
	expect(sandbox.tasks).toEqual([]);
	const submits = sandbox.requests.filter(({ path, headers }) => path === SUBMIT && headers.authorization === `Bearer ${sandbox.accessToken}`);
	expect(submits.map(({ completed }) => completed)).toEqual(submits.map(() => false));
	expect(answer('submitAnswers')).toMatchObject(asked(true, 'HTTP 401, code 1102'));
	expect(answer('badToken')).toMatchObject(asked(true, 'HTTP 401, code 1102', { answer: { status: 401, body: { code: 1102 } } }));
	expect(answer('badApiKey')).toMatchObject(asked(true, 'code 1104'));
	expect(answer('exchange')).toMatchObject(asked(true, 'the token is valid for 24 h'));
	expect(answer('unknownTask')).toMatchObject(asked(true, 'the node reads: not_found'));
	expect(answer('unknownInBatch')).toMatchObject({ agrees: true, found: 'omit' });
	expect(answer('largestUpload')).toMatchObject(asked(true, '16384 MiB is not refused'));
	expect(answer('accepted')).toEqual(left('costs credits'));
	expect(allAgree(recording)).toBe(true);
});

test('an account with one parallel task: the parallel limit, then the same request again, then a refused prompt', async () => {
	await start({ tasksPerMinute: 0 });
	const { answer, recording, shown } = await liveCheck(sandbox, { subject: { refusedPrompt: 'something [forbidden]' } });
	expect(answer('accepted')).toMatchObject(asked(true, 'HTTP 200, code 0'));
	expect(answer('parallelLimit')).toMatchObject(asked(false, `code ${RESPONSES.parallelLimit.code}`));
	expect(answer('rateLimit')).toEqual(left('one parallel task'));
	expect(answer('sameRequestId')).toMatchObject({ agrees: true, found: 'two' });
	expect(answer('resultJson')).toMatchObject(asked(true, 'succeeded', { answer: { body: { result: { sub_task_results: [{ task_status: 1 }] } } } }));
	expect(answer('batchJson')).toMatchObject(asked(true, 'succeeded'));
	expect(answer('video')).toMatchObject(asked(true, 'HTTP 206, video/mp4'));
	expect(answer('refusedPrompt')).toMatchObject(asked(true, `code ${RESPONSES.forbidden.code}`));
	expect(sandbox.tasks.map(({ requestId }) => requestId)).toEqual([sandbox.tasks[0]?.requestId, sandbox.tasks[0]?.requestId]);
	expect(allAgree(recording)).toBe(false);
	expect(shown).toMatch(/over the\s+│ HTTP 200, code 1402.*│ NO\s+│ codes\.ts/);
	for (const { taskId } of sandbox.tasks) expect(shown).toContain(`Task ${taskId} was accepted`);
});

test('an account with many: the third task in a minute is refused', async () => {
	await start({ accountLevel: 'level4' });
	const { answer } = await liveCheck(sandbox);
	expect(answer('rateLimit')).toMatchObject(asked(true, 'HTTP 429'));
	expect(answer('sameRequestId')).toMatchObject({ found: 'two' });
	expect(answer('parallelLimit')).toEqual(left('at least 2 parallel tasks'));
	expect(answer('refusedPrompt')).toEqual(left('no prompt was given'));
	expect(sandbox.tasks).toHaveLength(2);
});

test('without a limit, stops at three tasks', async () => {
	await start({ accountLevel: 'level4', tasksPerMinute: 0 });
	const { answer } = await liveCheck(sandbox, { subject: { refusedPrompt: '[forbidden]' } });
	expect(sandbox.tasks).toHaveLength(3);
	expect(answer('rateLimit')).toMatchObject(asked(false, '3 tasks within a minute were accepted'));
	expect(answer('refusedPrompt')).toEqual(left('the budget was used up'));
});

test.each([
	['one', { accountLevel: 'level4' }, 'one task'],
	['one', { accountLevel: 'free' }, 'one task'],
	['refuse', { accountLevel: 'level4' }, 'another was not'],
	['refuse', { accountLevel: 'free', tasksPerMinute: 0 }, 'its task has ended'],
] satisfies [string, Partial<SandboxSettings>, string][])('a repeated request_id gives: %s (%j)', async (sameRequestId, settings, says) => {
	await start({ ...settings, sameRequestId } as Partial<SandboxSettings>);
	const { answer } = await liveCheck(sandbox);
	expect(answer('sameRequestId')).toMatchObject(asked(false, says, { found: sameRequestId }));
});

test.each([['v2'], ['v3']] as const)('shows a callback of %s, with its headers and body', async (callbacks) => {
	await start({ callbacks });
	const port = await freePort();
	const { answer, shown } = await liveCheck(sandbox, { callbackPort: port, subject: { notifyUrl: `http://127.0.0.1:${port}/hidream?key=mine` } });
	expect(answer('callback')).toMatchObject(asked(true, `POST, application/json, body ${callbacks}`, { found: callbacks, answer: { headers: { host: '***' } } }));
	expect(shown).not.toContain('mine');
});

test('reports a missing callback', async () => {
	await start({ callbacks: 'off' });
	const port = await freePort();
	const options: Options = { callbackPort: port, subject: { notifyUrl: `http://127.0.0.1:${port}/` }, pace: { callback: 50 } };
	expect((await liveCheck(sandbox, options)).answer('callback')).toMatchObject(asked(false, 'none arrived', { found: 'off' }));
});

test('an account without credits: one request, no task', async () => {
	await start();
	const { accessToken: token } = sandbox.addAccount({ credits: 0 });
	const { answer } = await liveCheck(sandbox, { subject: { token } });
	expect(answer('noCredits')).toMatchObject(asked(true, 'code 2007'));
	expect(answer('rateLimit')).toEqual(left('the first task was not accepted'));
	expect(sandbox.requests.filter(({ path, completed, status }) => path === SUBMIT && completed && status === 200)).toHaveLength(1);
});

test.each([['empty'], ['refuse']] as const)('reports an unknown ID in a batch: %s', async (unknownInBatch) => {
	await start({ unknownInBatch });
	expect((await liveCheck(sandbox, { pay: false })).answer('unknownInBatch')).toMatchObject({ agrees: true, found: unknownInBatch });
});

test('finds the largest upload without sending one', async () => {
	await start({ maxBodyBytes: 3 * 1024 * 1024 });
	const { answer } = await liveCheck(sandbox, { pay: false, pace: { announced: 1_000 } });
	expect(answer('largestUpload')).toMatchObject(asked(true, '1 MiB is accepted, 4 MiB is not', { found: 1024 * 1024, answer: { status: 413 } }));
	expect(Math.max(...sandbox.requests.map(({ bodyBytes }) => bodyBytes))).toBeLessThan(100_000);
});

test('with only an API key, uses its token and shows neither', async () => {
	await start();
	const { answer, shown, recording } = await liveCheck(sandbox, { pay: false, subject: { token: '', apiKey: sandbox.apiKey } });
	expect(answer('unknownTask')).toMatchObject({ agrees: true });
	for (const text of [shown, JSON.stringify(recording)]) {
		expect(text).not.toContain(sandbox.apiKey);
		expect(text).not.toMatch(/sk-sandbox-session-/);
	}
});

test.each([
	['in another field', { code: 0, message: 'ok', result: { access_token: 'sk-elsewhere', user: { phone: 13912345678, name: 'Jo' } } }, 'code 0'],
	['without a code', { data: { token: 'sk-elsewhere' } }, 'no code'],
	['with a code as text', { code: '0', result: { token: 'sk-elsewhere' } }, 'no expiry'],
	['as a bare text', '"sk-elsewhere"', 'no code'],
])('shows neither a token that comes %s nor who the user is', async (_name, body, says) => {
	await start();
	sandbox.faults.add({ on: 'exchange', skip: 1, fault: { type: 'status', status: 200, body } });
	const { answer, shown, recording } = await liveCheck(sandbox, { pay: false, subject: { apiKey: sandbox.apiKey } });
	expect(answer('exchange')).toMatchObject(asked(false, says));
	for (const text of [shown, JSON.stringify(recording)]) expect(text).not.toMatch(/sk-elsewhere|13912345678|Jo/);
});

test('a refused key ends the check before anything is spent', async () => {
	await start();
	const { answer } = await liveCheck(sandbox, { subject: { token: '', apiKey: 'wrong' } });
	expect(answer('exchange')).toMatchObject(asked(false, 'refused the API key'));
	expect(answer('unknownTask')).toEqual(left('gave no token'));
	expect(sandbox.tasks).toEqual([]);
});

describe('a faulty service', () => {
	test('that is silent after accepting a task: no other task is created', async () => {
		await start({ accountLevel: 'level4', tasksPerMinute: 0 });
		sandbox.faults.add({ on: 'submit', skip: 2, times: Infinity, fault: { type: 'silence', create: true } });
		const { answer } = await liveCheck(sandbox, { pace: { answer: 500, announced: 5_000 } });
		expect(sandbox.tasks).toHaveLength(1);
		expect(answer('accepted')).toMatchObject({ asked: true, agrees: false });
	});

	test('that repeats the token: masks it in the report and the recording', async () => {
		await start();
		const body = { code: 401, message: `no token ${sandbox.accessToken}`, request_id: sandbox.accessToken };
		sandbox.faults.add({ on: 'any', times: Infinity, fault: { type: 'status', status: 401, body, headers: { 'x-token': sandbox.accessToken } } });
		const { answer, shown, recording } = await liveCheck(sandbox);
		expect(answer('unknownTask')).toMatchObject(asked(false, 'no token ***'));
		for (const text of [shown, JSON.stringify(recording)]) expect(text).not.toContain(sandbox.accessToken);
	});

	test('that is another one: nothing matches, and no task is created', async () => {
		await start();
		sandbox.faults.add({ on: 'any', times: Infinity, fault: { type: 'status', status: 404, body: '<html>', after: 'headers' } });
		const { recording } = await liveCheck(sandbox, { pace: { announced: 2_000 } });
		const agreeing = Object.entries(recording.answers).filter(([, recorded]) => recorded.asked && recorded.agrees);
		expect(agreeing.map(([id]) => id)).toEqual([]);
		expect(sandbox.tasks).toEqual([]);
	});

	test('that cannot be reached', async () => {
		await start();
		await sandbox.close();
		const { answer } = await liveCheck(sandbox);
		expect(answer('resultAnswers')).toMatchObject(asked(false, 'no response'));
		expect(answer('accepted')).toMatchObject(asked(false, 'no response'));
	});
});
