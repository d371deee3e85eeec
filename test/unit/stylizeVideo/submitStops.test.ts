/** Cancelling a submit, handing items back, keys that were used, and secrets that show nowhere. */
import type { IDataObject } from 'n8n-workflow';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import { keyCredential, tokenCredential } from '../support/credentials';
import { clientError, scriptedRequests, silence } from '../support/httpCaller';
import type { Reply } from '../support/httpCaller';
import { play } from '../support/nodeScene';
import type { Scene } from '../support/nodeScene';

const task = (id: string): Reply => ({ statusCode: 200, body: `{"code":0,"result":{"task_id":"${id}"}}` });

function start(replies: Reply[], scene: Scene, count: number) {
	const { seen, httpRequestWithAuthentication } = scriptedRequests(...replies);
	const parameters = Array<IDataObject>(count).fill((scene.parameters ?? {}) as IDataObject);
	const { context, log } = play({ ...scene, parameters, helpers: { ...scene.helpers, httpRequestWithAuthentication } });
	return { run: new StylizeVideo().execute.call(context), seen, log };
}

describe('cancelled', () => {
	test.each([false, true])('during an upload: nothing more is sent, and the paid tasks are named (continue on fail: %s)', async (continueOnFail) => {
		const cancel = new AbortController();
		const cut: Reply = async (request) => {
			cancel.abort();
			return await silence(request);
		};
		const { run, seen, log } = start([task('t-0'), cut], { continueOnFail, signal: cancel.signal }, 4);
		await expect(run).rejects.toThrow(/cancelled.*t-0/);
		expect(seen).toHaveLength(2);
		expect(log.filter((line) => line.includes('t-0'))).toHaveLength(1);
		expect(log.filter((line) => line.includes('Submitting'))).toHaveLength(2);
	});

	test('in the moment of an acceptance: that task is logged and named', async () => {
		const cancel = new AbortController();
		const last: Reply = async () => {
			cancel.abort();
			return { statusCode: 200, body: '{"code":0,"result":{"task_id":"t-0"}}' };
		};
		const { run, seen, log } = start([last], { signal: cancel.signal }, 3);
		await expect(run).rejects.toThrow(/cancelled.*t-0/);
		expect(log).toEqual([expect.stringContaining('Submitting item 0'), expect.stringContaining('t-0')]);
		expect(seen).toHaveLength(1);
	});

	test('before it begins: nothing is sent', async () => {
		const { run, seen } = start([], { signal: AbortSignal.abort() }, 2);
		await expect(run).rejects.toThrow(/cancelled/);
		expect(seen).toEqual([]);
	});
});

test('several in flight: what is under way is awaited and named when one is refused', async () => {
	const ends: Array<() => void> = [];
	const slow = (id: string): Reply => async () => {
		await new Promise<void>((resolve) => ends.push(resolve));
		return { statusCode: 200, body: `{"code":0,"result":{"task_id":"${id}"}}` };
	};
	const refused: Reply = async () => {
		setImmediate(() => ends.forEach((end) => end()));
		return { statusCode: 400, body: '{"code":1042}' };
	};
	const scene = { parameters: { options: { concurrency: 3 } } };
	const { run, seen } = start([slow('t-0'), slow('t-1'), refused], scene, 9);
	await expect(run).rejects.toMatchObject({
		message: expect.stringMatching(/\[item 2\].*t-0, t-1.*6 items were not tried/s),
		context: { itemIndex: 2 },
	});
	expect(seen).toHaveLength(3);
});

test('several failures: the first item that failed is the error, whichever answer came first', async () => {
	let answer: () => void = () => undefined;
	const refusal = (message: string) => ({ statusCode: 400, body: JSON.stringify({ code: 1, message }) });
	const late: Reply = async () => {
		await new Promise<void>((resolve) => (answer = resolve));
		return refusal('one');
	};
	const early: Reply = async () => {
		setImmediate(() => answer());
		return refusal('two');
	};
	const scene = { parameters: { options: { concurrency: 2 } } };
	await expect(start([late, early], scene, 3).run).rejects.toThrow(/"one".*\[item 0\]/);
});

test('a limit is reached: items come out unsent, with the seconds to wait', async () => {
	const credential = tokenCredential({ accessToken: 'sk-limited', tasksPerMinute: 1 });
	const scene = { credential, parameters: { options: { whenLimitReached: 'return' } } };
	const [items] = await start([task('t-0')], scene, 2).run;
	expect(items?.map(({ json }) => json['status'])).toEqual(['submitted', 'not_submitted']);
	expect(items?.[1]?.json['retry_after']).toBeGreaterThanOrEqual(1);
	expect(items?.[1]?.json['retry_after']).toBeLessThanOrEqual(60);
});

test('a key that was used before: nothing is sent', async () => {
	const scene: Scene = {
		workflowId: 'workflow-1',
		parameters: { options: { submitOnceKey: 'cat.mp4' } },
		helpers: { checkProcessedAndRecord: async () => ({ new: [], processed: ['cat.mp4'] }) },
	};
	const { run, seen } = start([], scene, 1);
	const [items] = await run;
	expect(items?.[0]?.json).toMatchObject({ status: 'already_submitted', task_id: null });
	expect(seen).toEqual([]);
});

describe('nothing is sent once the first item has ended the run, though the next one waits for its rate slot', () => {
	const broken = async () => await Promise.reject(new Error('database is locked'));

	test.each<[string, Reply[], IDataObject, Scene['helpers'], RegExp]>([
		['a 429 without a retry budget', [{ statusCode: 429 }], { keepTryingFor: 0 }, {}, /429/],
		['a Retry-After beyond the budget', [{ statusCode: 429, headers: { 'retry-after': '7200' } }], {}, {}, /429/],
		['a final refusal', [{ statusCode: 400, body: '{"code":1042}' }], {}, {}, /1042/],
		['no answer', [clientError('ECONNRESET')], {}, {}, /did not respond/],
		['a key that cannot be claimed', [], { submitOnceKey: 'key' }, { checkProcessedAndRecord: broken }, /database is locked/],
	])('%s', async (name, replies, options, helpers, message) => {
		const credential = tokenCredential({ accessToken: `sk-${name.replaceAll(' ', '-')}`, tasksPerMinute: 1 });
		const scene: Scene = { workflowId: 'workflow-1', credential, helpers, parameters: { options: { concurrency: 2, ...options } } };
		const { run, seen } = start(replies, scene, 2);
		await expect(run).rejects.toThrow(message);
		expect(seen).toHaveLength(replies.length);
	});
});

test('a Retry-After beyond the budget: the other items fail without a request, and say why and until when', async () => {
	const credential = tokenCredential({ accessToken: 'sk-held', tasksPerMinute: 0 });
	const scene: Scene = { continueOnFail: true, credential };
	const { run, seen } = start([{ statusCode: 429, headers: { 'retry-after': '7200' } }], scene, 200);
	const [items] = await run;
	expect(seen).toHaveLength(1);
	expect(new Set(items?.map(({ json }) => (json['details'] as IDataObject)['status']))).toEqual(new Set(['refused']));
	expect(items?.[199]?.json['error']).toMatch(/not sent.*HTTP 429/);
	expect(items?.[199]?.json['message']).toMatch(/again in 120 minutes.*"Keep Trying For/);
});

test('items that find the account backing off come out with the true wait, where they are to be returned', async () => {
	const credential = tokenCredential({ accessToken: 'sk-held-return', tasksPerMinute: 0 });
	const scene: Scene = { credential, parameters: { options: { whenLimitReached: 'return' } } };
	const [items] = await start([{ statusCode: 429, headers: { 'retry-after': '7200' } }], scene, 3).run;
	expect(items?.map(({ json }) => [json['status'], json['retry_after']])).toEqual(Array(3).fill(['not_submitted', 7_200]));
});

describe('secrets show nowhere', () => {
	const echo = (secret: string): Reply[] => [
		{ statusCode: 400, body: JSON.stringify({ code: 1, message: `bad ${secret}`, request_id: secret }) },
		{ statusCode: 302, body: secret, headers: { location: `https://evil.example/${secret}` } },
		clientError('EPIPE', { message: `Bearer ${secret}`, config: { headers: { Authorization: secret } } }),
		new Error(`n8n says ${secret}`),
	];
	const SECRET = 'sk-very-secret';

	test.each(echo(SECRET))('in output and log', async (reply) => {
		const credential = [tokenCredential({ accessToken: SECRET }), keyCredential({ apiKey: SECRET })];
		for (const account of credential) {
			const scene = { continueOnFail: true, credential: account, parameters: { options: { keepTryingFor: 0 } } };
			const { run, log } = start([reply], scene, 1);
			expect(JSON.stringify([await run, log])).not.toContain(SECRET);
		}
	});

	test.each(echo(SECRET))('in the error', async (reply) => {
		const scene = { credential: tokenCredential({ accessToken: SECRET }), parameters: { options: { keepTryingFor: 0 } } };
		const error = (await start([reply], scene, 1).run.catch((thrown: Error) => thrown)) as Error;
		expect(error).toBeInstanceOf(Error);
		expect(`${JSON.stringify(error)} ${error.message} ${error.stack}`).not.toContain(SECRET);
	});
});
