/** All items are read and validated before the first one is sent. */
import type { Plan } from '../../../nodes/StylizeVideo/plan';
import { keyCredential, tokenCredential } from '../support/credentials';
import { plansOf, fakeExecuteFunctions } from '../support/executeFunctions';
import type { NodeSetup } from '../support/executeFunctions';
import { bytesOf } from '../support/uploads';

const plansFor = async (setup: NodeSetup) => await plansOf(fakeExecuteFunctions(setup));

async function planOf(setup: NodeSetup): Promise<Plan> {
	const [plan] = await plansFor(setup);
	if (!plan || 'errorInfo' in plan) throw new Error(`The item was refused: ${plan?.errorInfo.message}`);
	return plan;
}

const keyOf = async (setup: NodeSetup) => (await planOf(setup)).submission.key;

describe('rejects an invalid item with the name of its field', () => {
	test.each<[string, NodeSetup['parameters'], RegExp]>([
		['no URL', { videoUrl: ' ' }, /"Video URL" is empty/],
		['text that is not a URL', { videoUrl: null }, /"Video URL" is empty/],
		['an invalid URL', { videoUrl: 'cat.mp4' }, /"Video URL" is not a URL/],
		['an unreachable URL', { videoUrl: 'http://192.168.1.2/cat.mp4' }, /"Video URL" points to 192\.168\.1\.2/],
		['a list of URLs', { videoUrl: ['https://v.example/a', 'https://v.example/b'] }, /"Video URL" contains several URLs/],
		['a page of a video', { videoUrl: 'https://youtu.be/abc' }, /"Video URL" is a page of youtu\.be/],
		['several notify URLs', { options: { notifyUrl: 'https://a.example/x, https://b.example/y' } }, /"Notify URL" contains several URLs/],
		['a style there is not', { style: 'oil_painting' }, /"Style" has an unknown value: "oil_painting"/],
		['an empty style', { style: '' }, /"Style" is empty/],
		['an inherited style', { style: 'constructor' }, /"Style" has an unknown value: "constructor"/],
		['no prompt and no style', { style: 'none', prompt: ' \n' }, /"Prompt" is empty/],
		['an unknown input type', { inputType: 'ftp' }, /"Input Type" has an unknown value: "ftp"/],
		['an unreachable notify URL', { options: { notifyUrl: 'http://localhost:5678/webhook' } }, /"Notify URL" points to localhost/],
		['an invalid notify URL', { options: { notifyUrl: '/webhook' } }, /"Notify URL" is not a URL/],
		['an end user with a line break', { options: { apiUserId: 'a\nb' } }, /"API User ID"/],
		['an end user with non-ASCII characters', { options: { apiUserId: 'müller' } }, /"API User ID"/],
		['a concurrency of 0', { options: { concurrency: 0 } }, /"Concurrency"/],
		['a time below 0', { options: { maxRetryTime: -1 } }, /"Max Retry Time \(Minutes\)"/],
		['an infinite time', { options: { maxRetryTime: 'Infinity' } }, /"Max Retry Time \(Minutes\)"/],
		['an unknown value', { options: { onUnclearResponse: 'maybe' } }, /"On Unclear Response" has an unknown value: "maybe"/],
		['an expression that fails', { prompt: new Error('No path back') as never }, /"Prompt" cannot be evaluated: No path back/],
	])('%s', async (_, parameters, what) => {
		const [plan] = await plansFor({ parameters });
		expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringMatching(what) } });
		expect(plan).toHaveProperty('errorInfo.hint', expect.stringMatching(/\w{3,}/));
	});

	test('rejects a key in an unsaved workflow', async () => {
		const [plan] = await plansFor({ parameters: { options: { idempotencyKey: 'k' } } });
		expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('"Idempotency Key"') } });
	});

	test('rejects an unusable credential', async () => {
		const [plan] = await plansFor({ credential: tokenCredential({ baseUrl: 'http://hidream.example' }) });
		expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('"Base URL"') } });
	});

	test('validates each item separately', async () => {
		const plans = await plansFor({ parameters: [{}, { videoUrl: '' }, {}] });
		expect(plans.map((plan) => 'submission' in plan)).toEqual([true, false, true]);
	});
});

test('a Base URL on this machine allows loopback hosts, and no other private ones', async () => {
	const credential = tokenCredential({ baseUrl: 'http://127.0.0.1:9' });
	const parameters = { videoUrl: 'http://localhost/cat.mp4', options: { notifyUrl: 'http://127.0.0.2/' } };
	expect((await planOf({ credential, parameters })).submission.styleOptions).toEqual({ style: 'anime', prompt: '' });
	const [plan] = await plansFor({ credential, parameters: { videoUrl: 'http://10.0.0.1/cat.mp4' } });
	expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('10.0.0.1') as string } });
});

test('applies the defaults', async () => {
	const plan = await planOf({ credential: tokenCredential({ tasksPerMinute: '' }) });
	expect(plan).toMatchObject({ submission: { styleOptions: { style: 'anime', prompt: '' } }, concurrency: 2 });
	expect(plan.submission).toMatchObject({ tasksPerMinute: 2, maxRetryMs: 3_600_000, onUnclearResponse: 'fail', whenLimitReached: 'wait' });
	expect(plan.submission.requestId).toBeUndefined();
	expect(plan.submission.idempotencyKey).toBeUndefined();
	expect(plan.submission.renewToken).toBeUndefined();
});

test.each([
	['a free account', {}, 2],
	['level 2', { accountLevel: 'level2' }, 5],
	['level 4', { accountLevel: 'level4' }, 10],
	['many tasks per minute', { tasksPerMinute: 7.5 }, 8],
	['no rate limit', { tasksPerMinute: 0 }, 10],
	['no parallel limit', { accountLevel: 'custom', parallelTasks: 0 }, 10],
	['limits above ten', { accountLevel: 'custom', parallelTasks: 500 }, 10],
	['a fraction of a task per minute', { tasksPerMinute: 0.1 }, 1],
])('sends this number of videos concurrently for %s', async (_, limits, concurrency) => {
	expect((await planOf({ credential: tokenCredential({ tasksPerMinute: 2, ...limits }) })).concurrency).toBe(concurrency);
});

test.each([
	['level4', 3],
	['free', 2],
])('uploads fewer files than URLs concurrently: %s', async (accountLevel, concurrency) => {
	const file = { data: Buffer.from('\xff clip', 'latin1').toString('base64'), mimeType: 'video/mp4' };
	const setup = { parameters: { inputType: 'binary' }, items: [{ json: {}, binary: { data: file } }] };
	expect((await planOf({ ...setup, credential: tokenCredential({ tasksPerMinute: 2, accountLevel }) })).concurrency).toBe(concurrency);
});

test.each([
	['retryCodes', '7, {"a":1}', '"Retry Codes (HiDream API Credential)" contains "{"a":1}"'],
	['retryCodes', '2010, 0', '"Retry Codes (HiDream API Credential)" contains "0"'],
	['retryCodes', 'OK', '"Retry Codes (HiDream API Credential)" contains "OK"'],
	['tasksPerMinute', -1, '"Tasks per Minute (HiDream API Credential)"'],
])('rejects the limit of the credential: %s %p', async (name, value, message) => {
	const [plan] = await plansFor({ credential: tokenCredential({ [name]: value }) });
	expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining(message) as string } });
});

test('reads the options', async () => {
	const options = { requestId: ' mine ', maxRetryTime: 0.5, onUnclearResponse: 'resubmit', concurrency: ' 3.0 ' };
	const { submission, concurrency } = await planOf({ parameters: { options } });
	expect(submission).toMatchObject({ requestId: 'mine', maxRetryMs: 30_000, onUnclearResponse: 'resubmit' });
	expect(concurrency).toBe(3);
});

test('marks an API key as renewable, and makes n8n exchange it again', async () => {
	const credential = keyCredential({ sessionToken: 'old' });
	const { submission } = await planOf({ credential });
	submission.renewToken?.();
	expect(credential['sessionToken']).toBe('');
});

test('validates a signed URL again just before it is sent', async () => {
	const expires = Math.round(Date.now() / 1_000) + 60;
	const { submission } = await planOf({ parameters: { videoUrl: `https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=A&Signature=s&Expires=${expires}` } });
	expect(submission.recheck?.()).toBeUndefined();
	const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
	const errorInfo = submission.recheck?.();
	now.mockRestore();
	expect(errorInfo).toMatchObject({ message: expect.stringMatching(/^"Video URL" is a signed URL that expired at \d{4}-/) as string, hint: expect.stringContaining('Binary File') as string });
});

describe('fingerprint of a submission', () => {
	const same: Array<[string, NodeSetup]> = [
		['another request ID', { parameters: { options: { requestId: 'mine' } } }],
		['a renewed token', { credential: tokenCredential({ accessToken: 'sk-2' }) }],
		['another pace', { credential: tokenCredential({ tasksPerMinute: 1 }), parameters: { options: { maxRetryTime: 1 } } }],
	];
	test.each(same)('%s does not change it', async (_, setup) => expect(await keyOf(setup)).toBe(await keyOf({})));

	test.each([{ videoUrl: 'https://videos.example/dog.mp4' }, { style: 'cartoon' }, { prompt: 'x' }])('%j changes it', async (parameters) => {
		expect(await keyOf({ parameters })).not.toBe(await keyOf({}));
	});

	test('another input field changes it', async () => {
		const file = { data: bytesOf(1_000).toString('base64'), mimeType: 'video/mp4' };
		const items = [{ json: {}, binary: { first: file, second: file } }];
		const keyOfField = async (binaryPropertyName: string) => await keyOf({ items, parameters: { inputType: 'binary', binaryPropertyName } });
		expect(await keyOfField('second')).not.toBe(await keyOfField('first'));
	});

	test('two equal items are two tasks', async () => {
		const plans = await plansFor({ parameters: [{}, {}] });
		expect(new Set(plans.map((plan) => 'submission' in plan && plan.submission.key)).size).toBe(2);
	});
});
