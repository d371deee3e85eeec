/** Every item is read and checked before the first one is sent. */
import type { Plan } from '../../../nodes/StylizeVideo/plan';
import { keyCredential, tokenCredential } from '../support/credentials';
import { plansOf, play } from '../support/nodeScene';
import type { Scene } from '../support/nodeScene';

const plansFor = async (scene: Scene) => await plansOf(play(scene).context);

async function planOf(scene: Scene): Promise<Plan> {
	const [plan] = await plansFor(scene);
	if (!plan || 'problem' in plan) throw new Error(`The item was refused: ${plan?.problem.what}`);
	return plan;
}

const keyOf = async (scene: Scene) => (await planOf(scene)).submission.key;

describe('an item that is wrong, by the name of its field', () => {
	test.each<[string, Scene['parameters'], RegExp]>([
		['no URL', { videoUrl: ' ' }, /"Video URL" is empty/],
		['no URL at all', { videoUrl: null }, /"Video URL" is empty/],
		['a URL that is none', { videoUrl: 'cat.mp4' }, /"Video URL" is not a URL/],
		['a URL nobody can reach', { videoUrl: 'http://192.168.1.2/cat.mp4' }, /"Video URL" points to 192\.168\.1\.2/],
		['a list of URLs', { videoUrl: ['https://v.example/a', 'https://v.example/b'] }, /"Video URL" contains several URLs/],
		['a page of a video', { videoUrl: 'https://youtu.be/abc' }, /"Video URL" is a page of youtu\.be/],
		['several notify URLs', { options: { notifyUrl: 'https://a.example/x, https://b.example/y' } }, /"Notify URL" contains several URLs/],
		['a style there is not', { style: 'oil_painting' }, /"Style" is "oil_painting"/],
		['an empty style', { style: '' }, /"Style" is ""/],
		['an inherited style', { style: 'constructor' }, /"Style" is "constructor"/],
		['no prompt and no style', { style: 'none', prompt: ' \n' }, /"Prompt" is empty/],
		['an input type there is not', { inputType: 'ftp' }, /"Input Type" has an unknown value: "ftp"/],
		['a notify URL nobody can reach', { options: { notifyUrl: 'http://localhost:5678/webhook' } }, /"Notify URL" points to localhost/],
		['a notify URL that is none', { options: { notifyUrl: '/webhook' } }, /"Notify URL" is not a URL/],
		['an end user with a line break', { options: { apiUserId: 'a\nb' } }, /"API User ID"/],
		['an end user beyond ASCII', { options: { apiUserId: 'müller' } }, /"API User ID"/],
		['codes that are none', { options: { retryCodes: '7, {"a":1}' } }, /"Retry Codes" contains "{"a":1}"/],
		['the code of a success, which would be paid for twice', { options: { retryCodes: '2010, 0' } }, /"Retry Codes" contains "0"/],
		['a word for success', { options: { retryCodes: 'OK' } }, /"Retry Codes" contains "OK"/],
		['tasks per minute below 0', { options: { tasksPerMinute: -1 } }, /"Tasks per Minute"/],
		['tasks per minute that are no number', { options: { tasksPerMinute: 'two' } }, /"Tasks per Minute"/],
		['a concurrency of 0', { options: { concurrency: 0 } }, /"Concurrency"/],
		['a time below 0', { options: { keepTryingFor: -1 } }, /"Keep Trying For \(Minutes\)"/],
		['an endless time', { options: { keepTryingFor: 'Infinity' } }, /"Keep Trying For \(Minutes\)"/],
		['a word that is no choice', { options: { whenUncertain: 'maybe' } }, /"When Uncertain" has an unknown value: "maybe"/],
		['an expression that fails', { prompt: new Error('No path back') as never }, /"Prompt" cannot be evaluated: No path back/],
	])('%s', async (_, parameters, what) => {
		const [plan] = await plansFor({ parameters });
		expect(plan).toMatchObject({ status: 'invalid', problem: { what: expect.stringMatching(what) } });
		expect(plan).toHaveProperty('problem.advice', expect.stringMatching(/\w{3,}/));
	});

	test('a key with an unsaved workflow', async () => {
		const [plan] = await plansFor({ parameters: { options: { submitOnceKey: 'k' } } });
		expect(plan).toMatchObject({ status: 'invalid', problem: { what: expect.stringContaining('"Submit Once Key"') } });
	});

	test('a credential that cannot be used', async () => {
		const [plan] = await plansFor({ credential: tokenCredential({ baseUrl: 'http://hidream.example' }) });
		expect(plan).toMatchObject({ status: 'invalid', problem: { what: expect.stringContaining('"Base URL"') } });
	});

	test('each item for itself', async () => {
		const plans = await plansFor({ parameters: [{}, { videoUrl: '' }, {}] });
		expect(plans.map((plan) => 'submission' in plan)).toEqual([true, false, true]);
	});
});

test('a service on this machine reaches private hosts', async () => {
	const credential = tokenCredential({ baseUrl: 'http://127.0.0.1:9' });
	const parameters = { videoUrl: 'http://localhost/cat.mp4', options: { notifyUrl: 'http://10.0.0.1/' } };
	expect((await planOf({ credential, parameters })).submission.look).toEqual({ style: 'anime', prompt: '' });
});

test('the defaults', async () => {
	const plan = await planOf({ credential: tokenCredential({ tasksPerMinute: '' }) });
	expect(plan).toMatchObject({ submission: { look: { style: 'anime', prompt: '' } }, concurrency: 1 });
	expect(plan.submission).toMatchObject({ tasksPerMinute: 2, budgetMs: 3_600_000, whenUncertain: 'report', whenLimitReached: 'wait' });
	expect(plan.submission.requestId).toBeUndefined();
	expect(plan.submission.claim).toBeUndefined();
	expect(plan.submission.renewToken).toBeUndefined();
});

test('an option beats the credential, and the credential the default', async () => {
	const credential = tokenCredential({ tasksPerMinute: 7 });
	expect((await planOf({ credential })).submission.tasksPerMinute).toBe(7);
	const parameters = { options: { tasksPerMinute: 0 } };
	expect((await planOf({ credential, parameters })).submission.tasksPerMinute).toBe(0);
});

test('options as the user gave them', async () => {
	const options = { requestId: ' mine ', keepTryingFor: 0.5, whenUncertain: 'resubmit', concurrency: ' 3.0 ' };
	const { submission, concurrency } = await planOf({ parameters: { options } });
	expect(submission).toMatchObject({ requestId: 'mine', budgetMs: 30_000, whenUncertain: 'resubmit' });
	expect(concurrency).toBe(3);
});

test('an API key can be renewed: n8n is made to exchange it anew', async () => {
	const credential = keyCredential({ sessionToken: 'old' });
	const { submission } = await planOf({ credential });
	submission.renewToken?.();
	expect(credential['sessionToken']).toBe('');
});

describe('what makes two submissions the same one', () => {
	const same: Array<[string, Scene]> = [
		['another request ID', { parameters: { options: { requestId: 'mine' } } }],
		['a renewed token', { credential: tokenCredential({ accessToken: 'sk-2' }) }],
		['another pace', { parameters: { options: { tasksPerMinute: 1, keepTryingFor: 1 } } }],
	];
	test.each(same)('%s changes nothing', async (_, scene) => expect(await keyOf(scene)).toBe(await keyOf({})));

	test.each([{ videoUrl: 'https://videos.example/dog.mp4' }, { style: 'cartoon' }, { prompt: 'x' }])('%j does', async (parameters) => {
		expect(await keyOf({ parameters })).not.toBe(await keyOf({}));
	});

	test('two equal items are two tasks', async () => {
		const plans = await plansFor({ parameters: [{}, {}] });
		expect(new Set(plans.map((plan) => 'submission' in plan && plan.submission.key)).size).toBe(2);
	});
});
